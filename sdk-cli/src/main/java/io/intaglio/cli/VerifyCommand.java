package io.intaglio.cli;

import io.intaglio.signing.Credential;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Says whether a request carries the signature that the key makes by the venue's scheme.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio verify coinbaseexchange --sent request.http --key-id ID --secret env:S --with passphrase=env:P",
            "",
            "Compares with the time and nonce that were sent; whether those are still fresh is for the venue to say.",
            "Signatures that are random (ECDSA) cannot be made again; look at those with 'explain'."
        })
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private RequestOptions request = new RequestOptions();

    @Option(
            names = "--sent",
            required = true,
            paramLabel = "FILE",
            description = "A curl command or an HTTP message; '-' for standard input.")
    private @Nullable Path sent;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (sent == null) {
            throw new UsageException("name a file with --sent");
        }
        Credential credential = request.credential();
        Diagnosis diagnosis = Diagnosis.of(request.venue(), credential, Map.of(), Sent.parse(Files.text(sent)));
        boolean valid = diagnosis.signatureMatches();
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("valid", valid);
            object.put("findings", diagnosis.findings());
            out.println(Json.line(object));
        } else {
            out.println(valid ? "valid" : "not valid");
            diagnosis.findings().forEach(finding -> out.println("  " + finding));
        }
        return valid ? ExitCode.OK : ExitCode.REFUSED;
    }
}
