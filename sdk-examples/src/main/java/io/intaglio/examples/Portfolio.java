package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueResponse;
import io.intaglio.examples.Stage.Use;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Okx;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Balances of three venues in one table, asked for at the same time; each venue is signed for in its own way.
 *
 * <p>Run it with {@code ./example portfolio}, or with {@code --profile NAME} once for each venue.
 */
final class Portfolio {
    private static final ApiRequest KRAKEN = ApiRequest.post("/0/private/Balance");
    private static final Map<String, ApiRequest> OTHERS =
            Map.of("binance", ApiRequest.get("/api/v3/account"), "okx", ApiRequest.get("/api/v5/account/balance"));

    public static void main(String[] args) {
        Stage.play(args, Use.READ, Portfolio::run, BinanceSpot.VENUE, KrakenSpot.VENUE, Okx.VENUE);
    }

    static void run(Stage stage) {
        List<VenueClient> clients = stage.clients();
        List<CompletableFuture<VenueResponse>> answers = clients.stream()
                .map(client ->
                        client.sendAsync(OTHERS.getOrDefault(client.venue().name(), KRAKEN)))
                .toList();
        stage.row("", "BTC", "USDT");
        BigDecimal bitcoins = BigDecimal.ZERO;
        BigDecimal dollars = BigDecimal.ZERO;
        for (int i = 0; i < clients.size(); i++) {
            String venue = clients.get(i).venue().name();
            BigDecimal btc = balance(venue, answers.get(i).join(), "BTC");
            BigDecimal usdt = balance(venue, answers.get(i).join(), "USDT");
            stage.row(venue, btc, usdt);
            bitcoins = bitcoins.add(btc);
            dollars = dollars.add(usdt);
        }
        stage.row("together", bitcoins, dollars);
        stage.why("One client a venue, called alike; how each signs, limits and errs are facts of the library.");
    }

    private static BigDecimal balance(String venue, VenueResponse answer, String asset) {
        Optional<String> text = switch (venue) {
            case "binance" -> answer.find("/balances", "asset", asset).flatMap(one -> answer.at(one + "/free"));
            case "okx" -> answer.find("/data/0/details", "ccy", asset).flatMap(one -> answer.at(one + "/eq"));
            default -> answer.at("/result/" + asset.replace("BTC", "XXBT"));
        };
        return new BigDecimal(text.orElse("0"));
    }
}
