package io.intaglio.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoicesTest {
    private static final List<String> KNOWN = List.of("keys", "sign");

    private static Choices parse(String... arguments) {
        return Choices.parse(arguments, KNOWN);
    }

    @Test
    void parse_nameAndOptions_takesBothInAnyOrder() {
        Choices choices = parse("--rounds", "7", "sign", "--json", "out.json");
        assertThat(choices.names()).containsExactly("sign");
        assertThat(choices.rounds()).isEqualTo(7);
        assertThat(choices.json()).isEqualTo(Path.of("out.json"));
    }

    @Test
    void parse_unknownName_saysWhichThereAre() {
        assertThatThrownBy(() -> parse("sing")).hasMessage("no benchmark 'sing'; there are keys, sign");
    }

    @Test
    void parse_optionWithoutValue_isRefused() {
        assertThatThrownBy(() -> parse("sign", "--rounds")).hasMessage("option --rounds wants a value");
    }

    @Test
    void parse_numberThatIsNone_isRefused() {
        assertThatThrownBy(() -> parse("--millis", "0", "sign"))
                .hasMessage("--millis wants a whole number above zero, not '0'");
    }

    @Test
    void parse_unknownOption_isRefused() {
        assertThatThrownBy(() -> parse("--forks", "2")).hasMessageStartingWith("no option '--forks'");
    }
}
