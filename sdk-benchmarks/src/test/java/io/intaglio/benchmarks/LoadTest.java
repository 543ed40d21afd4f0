package io.intaglio.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every client that is compared gets its yes from the server, in plain and behind TLS. */
class LoadTest {
    @TempDir
    Path folder;

    static List<String> clients() {
        return LoadClients.NAMES;
    }

    @ParameterizedTest
    @MethodSource("clients")
    void call_plain_isAnswered(String name) throws Exception {
        try (LoopbackServer server = new LoopbackServer();
                LoadClients.Caller client =
                        LoadClients.named(name, URI.create("http://127.0.0.1:" + server.port()), 1, Optional.empty())) {
            client.call();
            client.call();
        }
    }

    @Test
    void call_mutualTls_isAnswered() throws Exception {
        TlsFiles files = TlsFiles.make(folder);
        try (LoopbackServer server = LoopbackServer.mutualTls(files.serverContext())) {
            for (String name : List.of("intaglio", "stock", "lean", "okhttp")) {
                try (LoadClients.Caller client = LoadClients.named(
                        name, URI.create("https://127.0.0.1:" + server.port()), 1, Optional.of(files))) {
                    client.call();
                }
            }
        }
    }

    @Test
    void named_unknown_saysWhichThereAre() {
        assertThatThrownBy(() -> LoadClients.named("curl", URI.create("http://127.0.0.1:1"), 1, Optional.empty()))
                .hasMessageStartingWith("no client 'curl'; there are [intaglio, stock");
    }

    @Test
    void figures_thousandLatencies_areTheirQuantiles() {
        long[] nanos = LongStream.rangeClosed(1, 1_000).map(i -> i * 1_000).toArray();
        Load.Figures figures = Load.Figures.of(nanos, 2_000_000_000L, 5_000_000, 64_000);
        assertThat(figures).isEqualTo(new Load.Figures(500, 500, 990, 999, 5, 64));
        assertThat(Load.Figures.read(figures.line())).isEqualTo(figures);
    }
}
