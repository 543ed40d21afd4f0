package io.intaglio.cli;

import io.intaglio.client.audit.AuditVerification;
import io.intaglio.client.audit.AuditVerifier;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.VerifyingKey;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an audit log is checked against. */
final class AuditCheckOptions {
    @Option(
            names = "--checkpoints",
            paramLabel = "FILE",
            description = "Checkpoints from outside. Without them a cut tail or a log written anew cannot be seen.")
    private @Nullable Path checkpoints;

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description = "Public half of the Ed25519 key that signs the checkpoints, in PEM.")
    private @Nullable Path publicKey;

    @Option(
            names = "--beginning-at",
            paramLabel = "N",
            description = "The log's first record, where older files were taken away on purpose; 1 unless set.")
    private long beginningAt = 1;

    AuditVerification verify(Path folder) {
        AuditVerifier verifier = AuditVerifier.of(folder).beginningAt(beginningAt);
        if ((checkpoints == null) != (publicKey == null)) {
            throw new UsageException("give --checkpoints and --public-key together");
        }
        if (checkpoints != null && publicKey != null) {
            verifier = verifier.checkpoints(VerifyingKey.of(KeyReader.readPublic(Files.text(publicKey))), checkpoints);
        }
        return verifier.verify();
    }
}
