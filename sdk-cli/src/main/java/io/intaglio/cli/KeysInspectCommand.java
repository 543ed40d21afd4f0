package io.intaglio.cli;

import io.intaglio.signing.key.KeyException;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.io.PrintWriter;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
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
        name = "inspect",
        mixinStandardHelpOptions = true,
        description =
                "Says what a private key is, shows its public half and who takes it; nothing of the private half.")
final class KeysInspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "KEY", description = "A file, or a reference such as vaultfile:desk.vault#kraken.")
    private String source = "";

    @Option(names = "--venue", paramLabel = "NAME", description = "Writes the public key as this venue wants it.")
    private @Nullable String venue;

    @Option(names = "--form", paramLabel = "FORM", description = "Of the public key: ${COMPLETION-CANDIDATES}.")
    private @Nullable PublicKeyForm form;

    @Mixin
    private PasswordOptions password = new PasswordOptions();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try (SigningKey key = KeySource.key(source, password.password("password of " + source))) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("kind", words(key));
            if (key.kind() != KeyKind.SECRET) {
                facts.put("fingerprint", PublicKeyForm.fingerprint(key));
                facts.put("publicKey", (form != null ? form : PublicKeyForm.of(venue)).write(key));
            }
            facts.put("venues", takers(key));
            if (json) {
                spec.commandLine().getOut().println(Json.line(facts));
            } else {
                print(spec.commandLine().getOut(), facts);
            }
        } catch (KeyException e) {
            throw new IllegalArgumentException(KeySource.reference(source) + ": " + e.getMessage(), e);
        }
        return ExitCode.OK;
    }

    private static String words(SigningKey key) {
        return key.publicKey()
                .filter(RSAPublicKey.class::isInstance)
                .map(rsa ->
                        key.kind() + " of " + ((RSAPublicKey) rsa).getModulus().bitLength() + " bits")
                .orElse(key.kind().toString());
    }

    private static List<String> takers(SigningKey key) {
        List<String> takers = new ArrayList<>();
        for (Venue each : Venues.all()) {
            if (each.scheme().algorithms().stream().anyMatch(algorithm -> algorithm.accepts(key.kind()))) {
                takers.add(each.name());
            }
        }
        return takers;
    }

    private static void print(PrintWriter out, Map<String, Object> facts) {
        out.println("this is " + facts.get("kind"));
        if (facts.containsKey("publicKey")) {
            out.println(facts.get("fingerprint"));
            out.println(facts.get("publicKey"));
        }
        if (facts.get("venues") instanceof List<?> takers) {
            out.println("taken by "
                    + (takers.isEmpty()
                            ? "no venue known here"
                            : takers.size() + " venues: "
                                    + String.join(
                                            ", ",
                                            takers.stream().map(String::valueOf).toList())));
        }
    }
}
