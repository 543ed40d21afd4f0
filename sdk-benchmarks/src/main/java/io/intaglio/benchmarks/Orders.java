package io.intaglio.benchmarks;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Limit;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** The orders that every benchmark signs, so that all sign the same. The secrets are made up. */
final class Orders {
    static final String KEY_ID = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
    static final byte[] SECRET =
            "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j".getBytes(StandardCharsets.US_ASCII);
    static final String BASE64_SECRET = Base64.getEncoder().encodeToString(SECRET);
    static final String PASSPHRASE = "correct horse battery";
    static final Moment MOMENT = Moment.at(Instant.ofEpochMilli(1_750_000_000_123L));

    /** Fields of a limit order on Binance spot. */
    static final List<Field> BINANCE = List.of(
            new Field("symbol", "BTCUSDT"),
            new Field("side", "BUY"),
            new Field("type", "LIMIT"),
            new Field("timeInForce", "GTC"),
            new Field("quantity", "0.01000000"),
            new Field("price", "37500.10"),
            new Field("newClientOrderId", "desk-7-000042"),
            new Field("recvWindow", "5000"));

    /** Members of a limit order on Coinbase Exchange. */
    static final List<Field> COINBASE = List.of(
            new Field("client_oid", "0b7f1c9e-55c0-4a3e-9d2b-8f3f7a1c2d4e"),
            new Field("type", "limit"),
            new Field("side", "buy"),
            new Field("product_id", "BTC-USD"),
            new Field("price", "37500.10"),
            new Field("size", "0.01000000"));

    static final String COINBASE_BODY = "{\"client_oid\":\"0b7f1c9e-55c0-4a3e-9d2b-8f3f7a1c2d4e\",\"type\":\"limit\","
            + "\"side\":\"buy\",\"product_id\":\"BTC-USD\",\"price\":\"37500.10\",\"size\":\"0.01000000\"}";

    /** A capacity that no run uses up. */
    static final int PLENTY = 2_000_000_000;

    private Orders() {}

    static ApiRequest binance() {
        ApiRequest request = ApiRequest.post("/api/v3/order");
        for (Field field : BINANCE) {
            request = request.form(field.name(), field.value());
        }
        return request;
    }

    /** Binance's limits, so large that no call waits. */
    static List<Limit> roomyLimits() {
        return BinanceSpot.VENUE.limits().stream()
                .map(limit -> limit.withCapacity(PLENTY))
                .toList();
    }

    static Credential binanceCredential() {
        return Credential.hmac(KEY_ID, Secret.of(SECRET));
    }

    static ApiRequest coinbase() {
        ApiRequest request = ApiRequest.post("/orders");
        for (Field member : COINBASE) {
            request = request.json(member.name(), member.value());
        }
        return request;
    }

    /** The JSON order as text, for the standards. */
    static ApiRequest text() {
        return ApiRequest.post("/orders")
                .baseUri(URI.create("https://api.example.com"))
                .body(Body.text(COINBASE_BODY, "application/json"));
    }

    static Credential coinbaseCredential() {
        return Credential.hmac(KEY_ID, Secret.of(BASE64_SECRET.getBytes(StandardCharsets.US_ASCII)))
                .with("passphrase", Secret.of(PASSPHRASE.getBytes(StandardCharsets.US_ASCII)));
    }
}
