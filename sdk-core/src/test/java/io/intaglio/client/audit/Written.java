package io.intaglio.client.audit;

import io.intaglio.client.VenueResponse;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What tests write into logs, and how they read it. */
final class Written {
    static final String KEY_ID = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
    static final Credential CREDENTIAL =
            Credential.hmac(KEY_ID, Secret.of("no venue knows this".getBytes(StandardCharsets.US_ASCII)));

    private Written() {}

    static ApiRequest order(String id) {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("quantity", "0.01")
                .clientOrderId(id);
    }

    static AuditedCall call(AuditLog log, ApiRequest request) {
        return log.call(BinanceSpot.VENUE, request, CREDENTIAL);
    }

    static AuditedCall intent(AuditLog log, String id) {
        AuditedCall call = call(log, order(id));
        call.begin();
        return call;
    }

    /** Two records. */
    static void whole(AuditLog log, String id) {
        AuditedCall call = intent(log, id);
        VenueResponse answer = new VenueResponse(200, List.of(), new byte[0], id, 1, Duration.ofMillis(4));
        call.attempted(Duration.ofMillis(3), answer);
        call.ended(answer);
    }

    static List<AuditRecord> records(Path folder) {
        List<AuditRecord> records = new ArrayList<>();
        AuditRecord.readAll(folder, records::add);
        return records;
    }

    static List<String> kinds(Path folder) {
        return records(folder).stream().map(AuditRecord::kind).toList();
    }

    /** Each with its line feed. */
    static List<byte[]> lines(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == '\n') {
                lines.add(Arrays.copyOfRange(all, start, i + 1));
                start = i + 1;
            }
        }
        return lines;
    }
}
