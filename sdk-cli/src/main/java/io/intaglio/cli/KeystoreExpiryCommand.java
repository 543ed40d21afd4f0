package io.intaglio.cli;

import io.intaglio.client.tls.KeystoreContent;
import io.intaglio.signing.time.VenueClock;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
        name = "expiry",
        mixinStandardHelpOptions = true,
        description = "When the certificates of keystores expire, the first one first.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio keystore expiry --warn 30 /etc/desk/*.pem",
            "",
            "The exit status is 1 when one expires within the days to warn."
        })
final class KeystoreExpiryCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "PEM, PKCS#12, JKS, BCFKS or DER.")
    private List<Path> files = List.of();

    @Option(names = "--warn", paramLabel = "DAYS", description = "${DEFAULT-VALUE} unless set.")
    private int warn = 14;

    @Mixin
    private KeystoreOptions options = new KeystoreOptions();

    @Option(names = "--json", description = "One JSON object a certificate.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private record Row(Path file, String alias, X509Certificate certificate, long days) {}

    @Override
    public Integer call() {
        Instant now = VenueClock.system().now();
        List<Row> rows = new ArrayList<>();
        for (Path file : files) {
            for (KeystoreContent.Entry entry : options.keystore(file).read().entries()) {
                for (X509Certificate each : entry.certificates()) {
                    rows.add(new Row(file, entry.alias(), each, CertificateFacts.days(each, now)));
                }
            }
        }
        rows.sort(Comparator.comparingLong(Row::days));
        Table table = new Table("days", "until", "file", "entry", "subject");
        for (Row row : rows) {
            String until = row.certificate.getNotAfter().toInstant().toString();
            String subject = CertificateFacts.clean(
                    row.certificate.getSubjectX500Principal().getName());
            if (json) {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                object.put("days", row.days);
                object.put("until", until);
                object.put("file", row.file.toString());
                object.put("alias", row.alias);
                object.put("subject", subject);
                spec.commandLine().getOut().println(Json.line(object));
            } else {
                table.row(Long.toString(row.days), until, row.file.toString(), row.alias, subject);
            }
        }
        if (!json) {
            table.print(spec.commandLine().getOut());
        }
        return rows.stream().anyMatch(row -> row.days < warn) ? ExitCode.FAULT : ExitCode.OK;
    }
}
