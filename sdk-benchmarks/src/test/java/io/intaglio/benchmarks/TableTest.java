package io.intaglio.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Table TABLE = new Table(Map.of(
            "Order",
            List.of(
                    new Measured("byHandMac", List.of(900.0), List.of(300.0, 200.0, 100.0), List.of(64.0, 64.0, 65.0)),
                    new Measured("byHandMidstates", List.of(10.0), List.of(400.0, 401.0), List.of(8.0)),
                    new Measured("intaglio", List.of(1000.0), List.of(250.0, 350.0), List.of(128.0)))));

    @Test
    void text_threeRows_showsMediansAndRatioToTheFastestByHand() {
        assertThat(TABLE.text().lines().map(line -> line.trim().split(" +")))
                .contains(
                        new String[] {"byHandMac", "900", "200", "25.0", "64", "1.00"},
                        new String[] {"intaglio", "1000", "300", "0.0", "128", "1.50"});
    }

    @Test
    void json_threeRows_hasOneObjectEach() {
        assertThat(TABLE.json())
                .contains(
                        "{\"group\":\"Order\",\"benchmark\":\"intaglio\",\"nanos\":1000.0,\"cpuNanos\":300.0,\"spreadPercent\":0.0,"
                                + "\"bytes\":128.0,\"ratio\":1.500}")
                .contains("\"benchmark\":\"byHandMidstates\",\"nanos\":10.0,\"cpuNanos\":400.5");
    }
}
