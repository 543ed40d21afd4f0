package io.intaglio.examples;

import static io.intaglio.examples.Transcript.check;

import io.intaglio.client.RejectedException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueException.Effect;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * The main job from a signed balance to a lost answer, against a simulated venue on this machine. It places and cancels an order, and comes
 * through a wrong key, a skewed clock, a rate limit and a connection that ends without an answer.
 *
 * <p>Run it with {@code ./example quickstart}; it needs no key and no network. With a real key the client is made by
 * {@code VenueClient.of(BinanceSpot.VENUE, credential)}, and nothing else changes.
 */
public final class Quickstart {
    private Quickstart() {}

    /** Throws when something did not happen as it should. */
    public static void main(String[] args) {
        if (!run(new Transcript(System.out))) {
            throw new AssertionError("a step did not do as it should; the table names it");
        }
    }

    static boolean run(Transcript transcript) {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                VenueClient client = client(sim, sim.credential())) {
            transcript.say(
                    "a simulated " + sim.venue() + " listens at " + sim.uri() + ", TLS, checking every signature");
            transcript.step("read a balance, signed with HMAC-SHA256", () -> balance(transcript, client));
            transcript.step("the same with an Ed25519 key", () -> {
                try (VenueClient other = client(sim, sim.ed25519Credential())) {
                    return balance(transcript, other);
                }
            });
            transcript.step("place an order and cancel it", () -> placeAndCancel(transcript, sim, client));
            transcript.step("a wrong secret is refused, and explained", () -> wrongSecret(transcript, sim));
            transcript.step("the venue's clock is 61 s ahead", () -> skewedClock(transcript, sim));
            transcript.step("429 with Retry-After: 1", () -> throttled(transcript, sim, client));
            transcript.step("an order's answer is lost", () -> lostAnswer(transcript, sim, client));
        }
        return transcript.close();
    }

    private static VenueClient client(SimulatedVenue sim, Credential credential) {
        return VenueClient.builder(sim.venue())
                .credential(credential)
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .build();
    }

    private static String balance(Transcript transcript, VenueClient client) {
        VenueResponse account = client.send(ApiRequest.get("/api/v3/account"));
        String asset = account.at("/balances/0/asset").orElseThrow();
        String free = account.at("/balances/0/free").orElseThrow();
        transcript.say("GET /api/v3/account -> HTTP " + account.status() + ", " + asset + " " + free);
        check(new BigDecimal(free).signum() > 0, "there should be a balance");
        return "HTTP " + account.status() + ", " + account.attempts() + " attempt";
    }

    private static ApiRequest order() {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "LIMIT")
                .form("timeInForce", "GTC")
                .form("quantity", new BigDecimal("0.010"))
                .form("price", new BigDecimal("37500.10"));
    }

    private static String placeAndCancel(Transcript transcript, SimulatedVenue sim, VenueClient client) {
        VenueResponse placed = client.send(order());
        String id = placed.clientOrderId().orElseThrow();
        transcript.say("placed, order " + placed.at("/orderId").orElseThrow() + ", client order id " + id);
        VenueResponse cancelled = client.send(
                ApiRequest.delete("/api/v3/order").query("symbol", "BTCUSDT").query("origClientOrderId", id));
        transcript.say("cancelled, status " + cancelled.at("/status").orElseThrow());
        check(sim.acceptedOrders(id) == 1, "the venue should have accepted the order once");
        check(cancelled.at("/status").orElseThrow().equals("CANCELED"), "the order should be cancelled");
        return "accepted once, then cancelled";
    }

    private static String wrongSecret(Transcript transcript, SimulatedVenue sim) {
        ApiRequest request = ApiRequest.get("/api/v3/account").query("omitZeroBalances", "true");
        try (VenueClient client = client(sim, sim.wrongCredential())) {
            client.send(request);
            throw new AssertionError("a wrong signature should be refused");
        } catch (RejectedException e) {
            transcript.say(e.getMessage());
            check(e.effect() == Effect.NONE, "a refusal should have no effect");
            try (VenueClient client = client(sim, sim.wrongCredential())) {
                transcript.say(client.explain(request).toString().stripTrailing());
            }
            transcript.say("the text is as documented, so the secret is not the one of this key");
            return "refused, " + e.meaning().orElseThrow();
        }
    }

    private static String skewedClock(Transcript transcript, SimulatedVenue sim) {
        sim.skew(Duration.ofSeconds(61));
        try (VenueClient client = client(sim, sim.credential())) {
            int first = client.send(ApiRequest.get("/api/v3/account")).attempts();
            int second = client.send(ApiRequest.get("/api/v3/account")).attempts();
            transcript.say("the first call took " + first + " attempts, the second " + second);
            check(first == 2 && second == 1, "one correction should be enough");
            return "corrected with one retry";
        } finally {
            sim.skew(Duration.ZERO);
        }
    }

    private static String throttled(Transcript transcript, SimulatedVenue sim, VenueClient client) {
        sim.faults().next(Fault.throttled(Duration.ofSeconds(1)));
        VenueResponse answer = client.send(ApiRequest.get("/api/v3/account"));
        transcript.say("waited as asked, " + answer.elapsed().toMillis() + " ms in all");
        check(answer.attempts() == 2, "it should take two attempts");
        check(answer.elapsed().compareTo(Duration.ofSeconds(1)) >= 0, "it should not be sent early");
        return "sent again after " + answer.elapsed().toMillis() + " ms";
    }

    private static String lostAnswer(Transcript transcript, SimulatedVenue sim, VenueClient client) {
        sim.faults().next(Fault.acceptThenLoseAnswer());
        VenueResponse found = client.send(order());
        String id = found.clientOrderId().orElseThrow();
        transcript.say("sent once, not answered, asked for by client order id " + id);
        transcript.say("the venue has it: status " + found.at("/status").orElseThrow());
        check(found.isReconciled(), "the order should have been asked for");
        check(sim.acceptedOrders(id) == 1, "the order should exist once");
        return "unknown, then found: placed once";
    }
}
