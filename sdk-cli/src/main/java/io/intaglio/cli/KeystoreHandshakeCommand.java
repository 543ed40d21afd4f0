package io.intaglio.cli;

import io.intaglio.client.tls.HandshakeCheck;
import io.intaglio.client.tls.KeystoreException;
import io.intaglio.client.tls.Revocation;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.time.VenueClock;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "test-handshake",
        mixinStandardHelpOptions = true,
        description =
                "Shakes hands with a server, directly, and says what each side showed and wanted. Sends no request.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio keystore test-handshake api.venue.com:443 --keystore desk.p12 --password-prompt",
            "",
            "The exit status is 7 when the handshake fails."
        })
final class KeystoreHandshakeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "HOST:PORT", description = "Port 443 unless said.")
    private String address = "";

    @Option(names = "--keystore", paramLabel = "FILE", description = "The client's certificate and key.")
    private @Nullable Path keystore;

    @Mixin
    private KeystoreOptions options = new KeystoreOptions();

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Certificates to trust instead of those of the Java installation.")
    private @Nullable Path ca;

    @Option(names = "--revocation", paramLabel = "HOW", description = "${COMPLETION-CANDIDATES}; none unless set.")
    private Revocation revocation = Revocation.NONE;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        int colon = address.lastIndexOf(':');
        boolean hasPort = colon > 0 && address.indexOf(']') < colon;
        String host = hasPort ? address.substring(0, colon) : address;
        int port = hasPort ? port(address.substring(colon + 1)) : 443;
        HandshakeCheck.Report report =
                new HandshakeCheck(tls(), host.replace("[", "").replace("]", ""), port, Duration.ofSeconds(5)).run();
        Instant now = VenueClock.system().now();
        if (json) {
            spec.commandLine().getOut().println(Json.line(object(report, now)));
        } else {
            print(spec.commandLine().getOut(), report, now);
        }
        return report.failure().isPresent() ? ExitCode.NETWORK : ExitCode.OK;
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new UsageException("wanted HOST:PORT, but the port is '" + text + "'");
        }
    }

    private Tls tls() {
        try {
            Tls.Builder tls = Tls.builder().revocation(revocation);
            if (ca != null) {
                tls.trust(ca);
            }
            if (keystore != null) {
                tls.keystore(options.keystore(keystore));
            }
            return tls.build();
        } catch (KeystoreException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static void print(PrintWriter out, HandshakeCheck.Report report, Instant now) {
        out.println("protocol    "
                + (report.protocol().isEmpty() ? "none agreed on" : report.protocol() + ", " + report.cipherSuite()));
        out.println("server      "
                + (report.serverChain().isEmpty()
                        ? "showed no certificate"
                        : report.serverChain().size() + " certificates"));
        for (X509Certificate each : report.serverChain()) {
            CertificateFacts.lines(each, now).forEach(line -> out.println("            " + line));
        }
        out.println("wants       "
                + (!report.certificateWanted()
                        ? "no client certificate"
                        : "a client certificate of kind " + String.join(", ", report.keyKinds())
                                + (report.authorities().isEmpty()
                                        ? ", of any authority"
                                        : ", issued by " + String.join(" or ", report.authorities()))));
        out.println("we showed   "
                + report.shown()
                        .map(shown -> CertificateFacts.clean(
                                        shown.getSubjectX500Principal().getName())
                                + ", serial " + shown.getSerialNumber().toString(16))
                        .orElse(report.certificateWanted() ? "none; give --keystore" : "none"));
        out.println(
                "outcome     " + report.failure().map(why -> "FAILED: " + why).orElse("ok"));
    }

    private static Map<String, @Nullable Object> object(HandshakeCheck.Report report, Instant now) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("protocol", report.protocol());
        object.put("cipherSuite", report.cipherSuite());
        List<Map<String, @Nullable Object>> chain = report.serverChain().stream()
                .map(each -> CertificateFacts.of(each, now))
                .toList();
        object.put("server", chain);
        object.put("certificateWanted", report.certificateWanted());
        object.put("authorities", report.authorities());
        object.put("keyKinds", report.keyKinds());
        object.put(
                "shown",
                report.shown().map(shown -> CertificateFacts.of(shown, now)).orElse(null));
        object.put("failure", report.failure().orElse(null));
        return object;
    }
}
