package io.intaglio.client;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** In a JVM with little memory: a withdrawal to each nuisance in turn, with all settings of size at their defaults. */
final class NuisanceWorkload {
    private NuisanceWorkload() {}

    public static void main(String[] arguments) {
        int count = Integer.parseInt(arguments[1]);
        for (int i = 0; i < count; i++) {
            try (VenueClient client = VenueClient.builder(BinanceSpot.VENUE.at(URI.create(arguments[0])))
                    .credential(Credential.hmac(
                            "key-id-0123456789", Secret.takeOver("secret".getBytes(StandardCharsets.UTF_8))))
                    .retry(RetryPolicy.none())
                    .responseTimeout(Duration.ofSeconds(2))
                    .build()) {
                System.out.println(client.send(ApiRequest.post("/sapi/v1/capital/withdraw/apply"))
                        .status());
            } catch (VenueException e) {
                System.out.println(e.effect());
            } catch (OutOfMemoryError e) {
                System.out.println("OUT_OF_MEMORY");
            }
        }
    }
}
