package io.intaglio.client.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/profiles.md} has a row for each key and a section for each table, and for no other. */
class ProfilesPageTest {
    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| (`[^|]*`) \\|");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern TABLE = Pattern.compile("(?m)^## Table `(.+)`$");

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/profiles.md"));
    }

    private static List<String> keysOfSection(String heading) throws IOException {
        String rest = page().split("\n## " + heading + "\n", -1)[1];
        return FIRST_CELL
                .matcher(rest.split("\n## ", -1)[0])
                .results()
                .flatMap(cell -> names(NAME, cell.group(1)).stream())
                .toList();
    }

    private static List<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    @Test
    void page_keys_areThoseOfAProfile() throws IOException {
        assertThat(keysOfSection("Keys")).containsExactlyInAnyOrderElementsOf(ProfileKey.texts());
    }

    @Test
    void page_keysOfTheGuard_areThoseOfAProfile() throws IOException {
        assertThat(keysOfSection("Table `guard`")).containsExactlyInAnyOrderElementsOf(GuardKey.texts());
    }

    @Test
    void page_tables_areThoseOfAProfile() throws IOException {
        assertThat(names(TABLE, page())).containsExactlyInAnyOrderElementsOf(ProfileKey.TABLES);
    }
}
