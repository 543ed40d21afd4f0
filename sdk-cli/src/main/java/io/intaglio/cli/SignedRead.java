package io.intaglio.cli;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.Venue;
import java.util.Map;
import java.util.Optional;

/** A read that needs a signature and changes nothing: balances, which every key may see. Paths are those of the venues' documentation. */
final class SignedRead {
    private static final Map<String, ApiRequest> READS = Map.of(
            "binance", ApiRequest.get("/api/v3/account"),
            "kraken", ApiRequest.post("/0/private/Balance"),
            "okx", ApiRequest.get("/api/v5/account/balance"),
            "bybit", ApiRequest.get("/v5/account/wallet-balance").query("accountType", "UNIFIED"),
            "coinbaseexchange", ApiRequest.get("/accounts"),
            "gate", ApiRequest.get("/api/v4/spot/accounts"),
            "kucoin", ApiRequest.get("/api/v1/accounts"),
            "bitget", ApiRequest.get("/api/v2/spot/account/assets"));

    private SignedRead() {}

    static Optional<ApiRequest> of(Venue venue) {
        return Optional.ofNullable(READS.get(venue.name()));
    }
}
