package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.audit.AuditLog;
import io.intaglio.client.audit.AuditVerification;
import io.intaglio.client.audit.AuditVerifier;
import io.intaglio.client.audit.CheckpointSink;
import io.intaglio.examples.Stage.Use;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.venue.BinanceSpot;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Every call written down before its first byte; the log is verified, and then somebody changes a price in it.
 *
 * <p>Run it with {@code ./example audit-and-verify}, or with {@code --profile NAME}. From a shell: {@code intaglio audit verify}.
 */
final class AuditAndVerify {
    public static void main(String[] args) {
        Stage.play(args, Use.TRADE, AuditAndVerify::run, BinanceSpot.VENUE);
    }

    static void run(Stage stage) throws Exception {
        Path folder = stage.folder().resolve("audit");
        Path outside = stage.folder().resolve("checkpoints"); // better on another machine
        SigningKey witness = SigningKey.generate(KeyKind.ED25519);
        try (AuditLog log = AuditLog.builder(folder)
                        .checkpoints(witness, CheckpointSink.file(outside))
                        .open();
                VenueClient client = stage.client().audit(log).build()) {
            VenueResponse order = client.send(Stage.order("BTCUSDT", "0.0005", "20000.00"));
            String id = order.clientOrderId().orElseThrow();
            client.send(ApiRequest.delete("/api/v3/order")
                    .query("symbol", "BTCUSDT")
                    .query("origClientOrderId", id));
        }
        AuditVerifier verifier = AuditVerifier.of(folder)
                .checkpoints(VerifyingKey.of(witness.publicKey().orElseThrow()), outside);
        AuditVerification sound = verifier.verify();
        stage.show("verified", sound);
        stage.proved(sound.isSound() && sound.vouchedFor() == sound.last(), "the log is as it was written");

        Path file = folder.resolve("000001.jsonl");
        String text = Files.readString(file);
        stage.show("written", text.substring(text.indexOf("\"fields\""), text.indexOf("\"key\"")));
        Files.writeString(file, text.replace("20000.00", "19000.00"));
        stage.show("changed", "the price, from 20000.00 to 19000.00");
        AuditVerification changed = verifier.verify();
        stage.show("verified", changed);
        stage.proved(!changed.isSound(), "a price that was changed afterwards is found");
        stage.why("Records name the hash of the one before; a signed checkpoint outside vouches for all of them.");
    }
}
