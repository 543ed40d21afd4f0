package io.intaglio.cli;

import io.intaglio.client.tls.KeystoreContent;
import io.intaglio.signing.time.VenueClock;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
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
                "Says what a keystore holds, and what keeps it from being a client's identity; nothing of a private key.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio keystore inspect desk.p12 --password-prompt",
            "",
            "The exit status is 1 when an entry with a private key has a fault."
        })
final class KeystoreInspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "PEM, PKCS#12, JKS, BCFKS or DER, told by its content.")
    private Path file = Path.of("");

    @Mixin
    private KeystoreOptions options = new KeystoreOptions();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Instant now = VenueClock.system().now();
        KeystoreContent content = options.keystore(file).read();
        List<KeystoreContent.Entry> entries = content.entries().stream()
                .filter(entry -> options.alias() == null || entry.alias().equalsIgnoreCase(options.alias()))
                .toList();
        if (entries.isEmpty() && options.alias() != null) {
            throw new IllegalArgumentException(
                    "keystore " + file + " has no entry " + options.alias() + "; it has " + content.entries());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.line(object(content, entries, now)));
        } else {
            print(out, content, entries, now);
        }
        return entries.stream().allMatch(entry -> entry.faults(now).isEmpty()) ? ExitCode.OK : ExitCode.FAULT;
    }

    private static void print(
            PrintWriter out, KeystoreContent content, List<KeystoreContent.Entry> entries, Instant now) {
        out.println(content.format() + ", " + entries.size() + (entries.size() == 1 ? " entry" : " entries"));
        for (KeystoreContent.Entry entry : entries) {
            out.println();
            out.println("entry " + CertificateFacts.clean(entry.alias()) + ": "
                    + (entry.hasKey() ? "private key and certificate" : "certificate"));
            for (X509Certificate each : entry.certificates()) {
                CertificateFacts.lines(each, now).forEach(line -> out.println("  " + line));
            }
            List<String> faults = entry.faults(now);
            faults.forEach(fault -> out.println("  FAULT: " + fault));
            if (faults.isEmpty()) {
                out.println(entry.hasKey() ? "  ok: can be a client's identity" : "  ok: can be trusted");
            }
        }
    }

    private static Map<String, @Nullable Object> object(
            KeystoreContent content, List<KeystoreContent.Entry> entries, Instant now) {
        List<Map<String, @Nullable Object>> listed = new ArrayList<>();
        for (KeystoreContent.Entry entry : entries) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("alias", entry.alias());
            one.put("privateKey", entry.hasKey());
            one.put(
                    "certificates",
                    entry.certificates().stream()
                            .map(each -> CertificateFacts.of(each, now))
                            .toList());
            one.put("faults", entry.faults(now));
            listed.add(one);
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("format", content.format().name());
        object.put("entries", listed);
        return object;
    }
}
