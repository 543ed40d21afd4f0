package io.intaglio.cli;

import io.intaglio.signing.key.InsecureKeyExport;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
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
        name = "generate",
        mixinStandardHelpOptions = true,
        description =
                "Makes a key: the private half into a new file of its owner alone, the public half to standard output.",
        footerHeading = "%nExample:%n",
        footer = "  intaglio keys generate ed25519 --out desk.pem --venue binance > desk.pub")
final class KeysGenerateCommand implements Callable<Integer> {
    /** What is made. */
    enum Kind {
        ED25519(KeyKind.ED25519),
        RSA(KeyKind.RSA),
        EC_P256(KeyKind.EC_P256),
        EC_P384(KeyKind.EC_P384),
        EC_SECP256K1(KeyKind.EC_SECP256K1);

        private final KeyKind kind;

        Kind(KeyKind kind) {
            this.kind = kind;
        }
    }

    @Parameters(paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}")
    private Kind kind = Kind.ED25519;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where the private key goes, as PKCS#8; must not exist.")
    private Path out = Path.of("");

    @Option(names = "--bits", paramLabel = "N", description = "Of an RSA key: 2048 (unless set), 3072, 4096.")
    private int bits = 2048;

    @Option(
            names = "--venue",
            paramLabel = "NAME",
            description = "Refuses a kind that the venue does not take, and writes the public key as it wants it.",
            completionCandidates = RequestOptions.VenueNames.class)
    private @Nullable String venue;

    @Option(names = "--form", paramLabel = "FORM", description = "Of the public key: ${COMPLETION-CANDIDATES}.")
    private @Nullable PublicKeyForm form;

    @Mixin
    private NewPasswordOptions password = new NewPasswordOptions();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (venue != null) {
            refuseForeignKind(Venues.named(venue));
        }
        try (SigningKey key = kind == Kind.RSA ? SigningKey.generateRsa(bits) : SigningKey.generate(kind.kind)) {
            Optional<Secret> sealing = password.password("new password");
            try (Secret text =
                    sealing.isPresent() ? InsecureKeyExport.pem(key, sealing.get()) : InsecureKeyExport.pem(key)) {
                text.toNewFile(out);
            } finally {
                sealing.ifPresent(Secret::close);
            }
            String publicKey = (form != null ? form : PublicKeyForm.of(venue)).write(key);
            if (json) {
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("kind", kind.name().toLowerCase(Locale.ROOT));
                object.put("file", out.toString());
                object.put("encrypted", sealing.isPresent());
                object.put("publicKey", publicKey);
                object.put("fingerprint", PublicKeyForm.fingerprint(key));
                spec.commandLine().getOut().println(Json.line(object));
            } else {
                spec.commandLine().getOut().println(publicKey);
                spec.commandLine()
                        .getErr()
                        .println("wrote " + key.kind() + (sealing.isPresent() ? ", encrypted," : ", not encrypted,")
                                + " to " + out);
            }
        }
        return ExitCode.OK;
    }

    private void refuseForeignKind(Venue taker) {
        boolean taken = taker.scheme().algorithms().stream().anyMatch(algorithm -> algorithm.accepts(kind.kind));
        if (!taken) {
            throw new UsageException(taker + " takes no " + kind.name().toLowerCase(Locale.ROOT) + " keys; it takes "
                    + taker.scheme().algorithms());
        }
    }
}
