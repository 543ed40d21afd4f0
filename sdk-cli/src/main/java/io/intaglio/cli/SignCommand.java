package io.intaglio.cli;

import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.vector.VectorCase;
import io.intaglio.signing.vector.VectorFile;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.io.PrintWriter;
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
        name = "sign",
        mixinStandardHelpOptions = true,
        description = "Signs one request and prints what would be sent, or replays golden vectors.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  intaglio sign binance GET /api/v3/account --key-id vmPU... --secret env:BINANCE_SECRET",
            "  intaglio sign okx POST /api/v5/trade/order -j instId=BTC-USDT -j sz=1 --key-id ID \\",
            "      --secret file:okx.secret --with passphrase=env:OKX_PASSPHRASE --json",
            "  intaglio sign --vectors kraken.json binance.json"
        })
final class SignCommand implements Callable<Integer> {
    @Mixin
    private RequestOptions request = new RequestOptions();

    @Option(
            names = "--vectors",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Vector files to replay; compares, prints what differs, and ends with a count.")
    private List<Path> vectors = List.of();

    @Option(names = "--json", description = "One JSON object a line. With --vectors: what would be sent, not compared.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (!vectors.isEmpty()) {
            return json ? print(out) : compare(out);
        }
        SignedRequest signed = request.venue().scheme().sign(request.request(), request.credential(), request.moment());
        if (json) {
            out.println(Json.line(Signed.json(request.venue().name(), null, signed)));
        } else {
            out.print(Signed.text(signed));
        }
        return ExitCode.OK;
    }

    private int print(PrintWriter out) {
        boolean failed = false;
        for (Path file : vectors) {
            for (VectorCase vector : VectorFile.read(file).cases()) {
                Map<String, @Nullable Object> line = new LinkedHashMap<>();
                try {
                    line = signed(vector);
                } catch (RuntimeException e) {
                    failed = true;
                    line.put("venue", vector.venue());
                    line.put("case", vector.name());
                    line.put("error", String.valueOf(e.getMessage()));
                }
                out.println(Json.line(line));
            }
        }
        return failed ? ExitCode.FAULT : ExitCode.OK;
    }

    private static Map<String, @Nullable Object> signed(VectorCase vector) {
        Venue venue = Venues.named(vector.venue());
        if (vector.isLogon()) {
            return Signed.json(vector.venue(), vector.name(), vector.method(), vector.signLogon(venue));
        }
        SignedRequest signed = vector.sign(venue);
        Map<String, @Nullable Object> line = Signed.json(vector.venue(), vector.name(), signed);
        if (signed.isSigned()) {
            Signed.preHash(line, vector.preHash(venue, signed));
        }
        return line;
    }

    private int compare(PrintWriter out) {
        int passed = 0;
        int failed = 0;
        for (Path file : vectors) {
            for (VectorCase vector : VectorFile.read(file).cases()) {
                List<String> differences = differences(vector);
                if (differences.isEmpty()) {
                    passed++;
                } else {
                    failed++;
                    out.println(vector);
                    differences.forEach(difference -> out.println("  " + difference));
                }
            }
        }
        out.println(passed + " passed, " + failed + " failed");
        return failed == 0 ? ExitCode.OK : ExitCode.FAULT;
    }

    private static List<String> differences(VectorCase vector) {
        try {
            Venue venue = Venues.named(vector.venue());
            return vector.differences(venue);
        } catch (RuntimeException e) {
            return List.of("error: " + e.getMessage());
        }
    }
}
