package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.net.URI;

/**
 * Paxos: an OAuth 2 access token, by client credentials from {@link #TOKEN_ENDPOINT} with the secret in the body, good for the scopes that were asked
 * for ({@code exchange:read_order exchange:write_order}). No request is signed. Orders: {@code ref_id} is the client order id; over which orders it
 * is unique is unconfirmed.
 *
 * @see <a href="https://docs.paxos.com/api/v2">Paxos API v2</a>
 */
public final class Paxos {
    /** Of the live environment. */
    public static final URI TOKEN_ENDPOINT = URI.create("https://oauth.paxos.com/oauth2/token");

    /** Of the sandbox. */
    public static final URI SANDBOX_TOKEN_ENDPOINT = URI.create("https://oauth.sandbox.paxos.com/oauth2/token");

    /** The venue. */
    public static final Venue VENUE = Venue.named("paxos")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.paxos.com")
            .environment("sandbox", "https://api.sandbox.paxos.com")
            .scheme(Scheme.named("paxos")
                    .publicWhen(When.pathStarts("/v2/all-markets", "/v2/markets"))
                    .attach(header("Authorization"), concat(literal("Bearer "), credential("token")))
                    .build())
            .orders(
                    request -> request.method().equals("POST")
                            && request.path().startsWith("/v2/profiles/")
                            && request.path().endsWith("/orders"),
                    jsonField("ref_id"),
                    Dedup.NONE)
            .riskReducing(request -> request.method().equals("DELETE"))
            .errorCodeAt("/type")
            .build();

    private Paxos() {}
}
