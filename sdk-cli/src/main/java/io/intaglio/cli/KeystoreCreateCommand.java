package io.intaglio.cli;

import io.intaglio.client.tls.NewIdentity;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = "Makes a private key and the request for its certificate, which goes to the authority.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio keystore create CN=desk-7,O=Desk --key desk.key --request desk.csr",
            "  intaglio keystore import signed.pem --key desk.key --out desk.p12 --new-password-prompt"
        })
final class KeystoreCreateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The subject, such as CN=desk-7,O=Desk,C=CH.")
    private String subject = "";

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "The private key; must not exist.")
    private Path key = Path.of("");

    @Option(names = "--request", paramLabel = "FILE", description = "The request (PKCS#10); must not exist.")
    private @Nullable Path request;

    @Option(
            names = "--self-signed",
            paramLabel = "FILE",
            description = "A certificate signed with the key itself, for tests; must not exist.")
    private @Nullable Path selfSigned;

    @Option(names = "--days", paramLabel = "N", description = "How long it is valid; ${DEFAULT-VALUE} unless set.")
    private int days = 30;

    @Option(names = "--type", paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}; EC_P256 unless set.")
    private NewIdentity.KeyType type = NewIdentity.KeyType.EC_P256;

    @Mixin
    private NewPasswordOptions newPassword = new NewPasswordOptions();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (request == null && selfSigned == null) {
            throw new UsageException("give --request FILE, or --self-signed FILE for tests");
        }
        if (days < 1) {
            throw new UsageException("--days must be at least 1, was " + days);
        }
        Optional<Secret> sealing = newPassword.password("new password of " + key);
        NewIdentity made = NewIdentity.generate(type, subject);
        try (Secret text = made.key(sealing.orElse(null))) {
            text.toNewFile(key);
        } finally {
            sealing.ifPresent(Secret::close);
        }
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("key", key.toString());
        if (request != null) {
            write(request, made.request());
            written.put("request", request.toString());
        }
        if (selfSigned != null) {
            write(selfSigned, made.selfSigned(VenueClock.system().now(), Duration.ofDays(days)));
            written.put("certificate", selfSigned.toString());
        }
        if (json) {
            spec.commandLine().getOut().println(Json.line(written));
        } else {
            written.forEach((what, file) -> spec.commandLine().getErr().println("wrote the " + what + " to " + file));
        }
        return ExitCode.OK;
    }

    private static void write(Path file, String text) {
        try (Secret content = Secret.of(text.getBytes(StandardCharsets.US_ASCII))) {
            content.toNewFile(file);
        }
    }
}
