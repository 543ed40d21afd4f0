package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Indodax private API: HMAC-SHA512 over the form body, in which the API's method, the time and the receive window stand first; hex. Every
 * call goes to {@code /tapi}.
 *
 * <p>Attributes: {@code rpcMethod}, the API's method, needed; {@code recvWindow}, milliseconds, 5000 unless given. Confirmed by vectors of a
 * second implementation; error texts are unconfirmed. Errors come with HTTP 200.
 */
public final class Indodax {
    /** The venue. */
    public static final Venue VENUE = Venue.named("indodax")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://indodax.com")
            .scheme(Scheme.named("indodax")
                    .stamp(formField("method").first(), attribute("rpcMethod"))
                    .stamp(formField("timestamp").first(), millis())
                    .stamp(formField("recvWindow").first(), attribute("recvWindow", "5000"))
                    .preHash(body())
                    .hmac(Hash.SHA512, SecretForm.UTF8)
                    .attach(header("Key"), keyId())
                    .attach(header("Sign"), hex(signature()))
                    .publicWhen(When.pathStarts("/api/"))
                    .build())
            .window(Duration.ofSeconds(5), Duration.ofSeconds(5))
            .time("/api/server_time", "/server_time", Duration.ofMillis(1))
            .orders(
                    request -> "trade".equals(request.attributes().get("rpcMethod")),
                    formField("client_order_id"),
                    Dedup.NONE)
            .errorsInOkAnswers()
            .errorCodeAt("/error")
            .errors(Meaning.BAD_KEY, "Invalid credentials. API not found")
            .errors(Meaning.BAD_SIGNATURE, "Invalid credentials. Bad sign")
            .build();

    private Indodax() {}
}
