package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueResponse;
import io.intaglio.examples.Stage.Use;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import java.math.BigDecimal;

/**
 * Place an order, ask for it, cancel it; the client order id is made before the first byte.
 *
 * <p>Run it with {@code ./example place-query-cancel}, or with {@code --profile NAME}; a live profile is refused unless {@code --live} is said.
 */
final class PlaceQueryCancel {
    public static void main(String[] args) {
        Stage.play(args, Use.TRADE, PlaceQueryCancel::run, BinanceSpot.VENUE);
    }

    static void run(Stage stage) {
        try (VenueClient client = stage.client().build()) {
            VenueResponse placed = client.send(ApiRequest.post("/api/v3/order")
                    .form("symbol", "BTCUSDT")
                    .form("side", "BUY")
                    .form("type", "LIMIT")
                    .form("timeInForce", "GTC")
                    .form("quantity", new BigDecimal("0.0005"))
                    .form("price", new BigDecimal("20000.00")));
            String id = placed.clientOrderId().orElseThrow();
            stage.show("placed", "order " + placed.at("/orderId").orElseThrow() + ", client order id " + id);

            VenueResponse found = client.send(
                    ApiRequest.get("/api/v3/order").query("symbol", "BTCUSDT").query("origClientOrderId", id));
            stage.show(
                    "found",
                    found.at("/status").orElseThrow() + ", price "
                            + found.at("/price").orElseThrow());

            VenueResponse cancelled = client.send(ApiRequest.delete("/api/v3/order")
                    .query("symbol", "BTCUSDT")
                    .query("origClientOrderId", id));
            stage.show("cancelled", cancelled.at("/status").orElseThrow());
            stage.proved(cancelled.at("/status").orElseThrow().equals("CANCELED"), "nothing is left at the venue");
            if (stage.isSimulated()) {
                stage.proved(
                        stage.simulation().acceptedOrders(id) == 1, "the venue's own books show one order of this id");
            }
        }
        stage.why(
                "An order gets its client order id before it is sent. Whatever is lost afterwards, the venue can be asked for it"
                        + " by that id: ./example lost-answer.");
    }
}
