package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** Without a Redis; with one, what is shown is read by FleetStatus, whose tests are in sdk-fleet. */
class FleetCommandTest {
    @Test
    void status_redisIsNotThere_saysWhichAndWhy() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Command result = Command.run("fleet", "status", "--redis", "redis://127.0.0.1:" + port, "desk");
        assertThat(result.status()).isEqualTo(ExitCode.FAULT);
        assertThat(result.err()).contains("fleet 'desk' at redis://127.0.0.1:" + port);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void status_addressWithAPassword_isRefusedAsUsageAndNotRepeated() {
        Command result = Command.run("fleet", "status", "--redis", "redis://ops:geheim@127.0.0.1:6379", "desk");
        assertThat(result.status()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("no user and no password").doesNotContain("geheim");
    }

    @Test
    void status_nameThatIsNone_saysWhatANameIs() {
        Command result = Command.run("fleet", "status", "--redis", "redis://127.0.0.1:6379", "desk{1}");
        assertThat(result.status()).isNotZero();
        assertThat(result.err()).contains("1 to 64 letters");
    }
}
