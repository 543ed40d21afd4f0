package io.intaglio.client.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.Credential;
import io.intaglio.signing.time.NonceSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static Lanes of(String... keys) {
        return new Lanes(Stream.of(keys)
                .map(key -> Lane.open(Credential.keyId(key), NonceSource.uuid()))
                .toList());
    }

    @Test
    void take_idleKeys_areTakenInTurn() {
        Lanes lanes = of("a", "b", "c");
        Set<Lane> taken = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            Lane lane = lanes.take();
            lanes.giveBack(lane);
            taken.add(lane);
        }
        assertThat(taken).hasSize(3);
    }

    @Test
    void take_busyKeys_givesTheOneWithFewestCalls() {
        Lanes lanes = of("a", "b", "c");
        List<Lane> six = Stream.generate(lanes::take).limit(6).toList();
        assertThat(six)
                .allSatisfy(
                        lane -> assertThat(six.stream().filter(lane::equals)).hasSize(2));

        Lane freed = six.get(0);
        lanes.giveBack(freed);
        assertThat(lanes.take()).isSameAs(freed);
    }

    @Test
    void lanes_noKey_isRefused() {
        assertThatThrownBy(() -> new Lanes(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
