package io.intaglio.benchmarks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What is compared does the same; each benchmark checks it before it runs, and here it is checked in every build. */
class SameWorkTest {
    @Test
    void check_binanceOrder_libraryAndHandGiveTheSameBytes() throws Exception {
        new SignBenchmark.BinanceOrder().check();
    }

    @Test
    void check_coinbaseOrder_libraryAndHandGiveTheSameBytes() throws Exception {
        new SignBenchmark.CoinbaseOrder().check();
        new SignBenchmark.CoinbaseText().check();
    }

    @Test
    void check_awsRequest_libraryAndSdkGiveTheSameSignature() {
        new SignBenchmark.AwsRequest().check();
    }

    @Test
    void check_otherBytes_areRefused() {
        assertThatThrownBy(() -> Same.check("intaglio", "a=1", "a=2"))
                .hasMessage("intaglio gives 'a=2', but the others 'a=1'");
    }
}
