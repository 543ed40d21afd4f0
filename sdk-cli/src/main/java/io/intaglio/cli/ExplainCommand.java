package io.intaglio.cli;

import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.venue.Venue;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Shows every part of a signature, secrets masked; or says what is wrong with one that was refused.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  intaglio explain kraken POST /0/private/Balance --key-id ID --secret env:KRAKEN_SECRET",
            "  intaglio explain binance --sent curl.txt --key-id ID --secret env:BINANCE_SECRET",
            "  intaglio explain okx GET /api/v5/account/balance --key-id ID --secret env:S --with passphrase=env:P \\",
            "      --time 1772366400123 --sent prehash.txt",
            "  intaglio explain --diff expected.txt seen.txt",
            "",
            "--sent takes a curl command, an HTTP message as a log shows it, or the text that was signed."
        })
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private RequestOptions request = new RequestOptions();

    @Option(names = "--sent", paramLabel = "FILE", description = "What was sent and refused; '-' for standard input.")
    private @Nullable Path sent;

    @Option(
            names = "--diff",
            arity = "2",
            paramLabel = "FILE",
            description = "Two texts that were signed, or two outputs of 'explain --json': what differs.")
    private List<Path> diff = List.of();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (!diff.isEmpty()) {
            return print(
                    out,
                    TextDifference.between(signedText(diff.get(0)), signedText(diff.get(1))),
                    "the texts are equal");
        }
        if (sent == null) {
            Explanation explanation =
                    request.venue().scheme().explain(request.request(), request.credential(), request.moment());
            out.print(json ? Json.line(explanation.asMap()) + "\n" : explanation.toString());
            return ExitCode.OK;
        }
        Sent seen = Sent.parse(Files.text(sent));
        Venue venue = request.venue();
        Credential credential = request.credential();
        if (!seen.isRequest()) {
            byte[] ours = venue.scheme()
                    .sign(request.request(), credential, request.moment())
                    .preHash();
            return print(
                    out,
                    TextDifference.between(new String(ours, StandardCharsets.UTF_8), seen.text()),
                    "the text is what this request signs; look at the secret, its decoding, and the signature's encoding");
        }
        Diagnosis diagnosis = Diagnosis.of(venue, credential, request.mistakes(credential), seen);
        return print(
                out,
                diagnosis.findings(),
                "the request is signed as it should be with this key; look at the clock, the key's permissions and its "
                        + "address list");
    }

    /** The pre-hash in an explanation as JSON, else the text itself without the line feed at its end. */
    private static String signedText(Path file) {
        String text = Files.text(file);
        if (text.startsWith("{\"scheme\"") && Json.object(file).get("preHash") instanceof String preHash) {
            return preHash;
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private int print(PrintWriter out, List<String> findings, String otherwise) {
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("ok", findings.isEmpty());
            object.put("findings", findings);
            out.println(Json.line(object));
        } else if (findings.isEmpty()) {
            out.println("ok: " + otherwise);
        } else {
            findings.forEach(out::println);
        }
        return findings.isEmpty() ? ExitCode.OK : ExitCode.FAULT;
    }
}
