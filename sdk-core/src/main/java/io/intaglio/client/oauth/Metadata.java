package io.intaglio.client.oauth;

import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.json.JsonPointers;
import io.intaglio.client.oauth.OAuthException.Reason;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Field;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an authorization server (RFC 8414).
 *
 * @param audience whom assertions are meant for
 */
record Metadata(URI tokenEndpoint, String audience) {
    /** Entries of a list that are looked at. */
    private static final int MOST_ENTRIES = 64;

    private static final List<Field> HEADERS = List.of(new Field("Accept", "application/json"));

    /** What a client will ask for, to be compared with what the server offers. */
    record Wanted(
            ClientAuthentication client,
            String grant,
            @Nullable Dpop dpop,
            boolean isBoundToCertificate) {}

    /** Asks by RFC 8414 section 3, and as OpenID Connect does where the server does not know that. */
    static Metadata discover(Server server, URI issuer, Wanted wanted, Duration limit) {
        String path = issuer.getRawPath().endsWith("/")
                ? issuer.getRawPath().substring(0, issuer.getRawPath().length() - 1)
                : issuer.getRawPath();
        String origin = issuer.getScheme() + "://" + issuer.getRawAuthority();
        URI standard = URI.create(origin + "/.well-known/oauth-authorization-server" + path);
        URI openId = URI.create(origin + path + "/.well-known/openid-configuration");
        RawAnswer answer = get(server, standard, limit);
        if (answer.status() >= 400 && answer.status() < 500) {
            answer = get(server, openId, limit);
        }
        if (answer.status() != 200) {
            throw malformed(
                    issuer,
                    "was answered with HTTP " + answer.status() + " at " + openId.getRawPath()
                            + "; check the issuer, or give the token endpoint itself by OAuth.at(..)");
        }
        return new Reader(issuer, answer.body()).read(wanted);
    }

    private static RawAnswer get(Server server, URI url, Duration limit) {
        try {
            return server.send("GET", url, HEADERS, null, limit);
        } catch (SendFailure e) {
            throw Server.failure("metadata at " + url, e, limit);
        }
    }

    private static OAuthException malformed(URI issuer, String what) {
        return new OAuthException(Reason.MALFORMED, "metadata of issuer " + issuer + " " + what, null);
    }

    private static final class Reader {
        private final JsonPointers json = new JsonPointers();
        private final URI issuer;
        private final byte[] body;

        Reader(URI issuer, byte[] body) {
            this.issuer = issuer;
            this.body = body;
        }

        Metadata read(Wanted wanted) {
            String named = json.at(body, "/issuer");
            if (!issuer.toString().equals(named)) { // RFC 8414 section 3.3: identical, else it may be another's
                throw malformed(
                        issuer,
                        "names " + (named == null ? "no issuer" : "the issuer " + shown(named))
                                + "; the two must be the same, letter for letter, so give the one that the server names if you trust it");
            }
            ClientAuthentication client = wanted.client();
            boolean offersMethod = offers("token_endpoint_auth_methods_supported", client.method())
                    || client.isMutualTls()
                            && offers("token_endpoint_auth_methods_supported", "self_signed_tls_client_auth");
            check(offersMethod, "token_endpoint_auth_methods_supported", client.method());
            if (client.algorithm() != null) {
                require(
                        "token_endpoint_auth_signing_alg_values_supported",
                        client.algorithm().label());
            }
            require("grant_types_supported", wanted.grant());
            if (wanted.dpop() != null) {
                require(
                        "dpop_signing_alg_values_supported",
                        wanted.dpop().algorithm().label());
            }
            String endpoint = json.at(body, "/token_endpoint");
            if (client.isMutualTls() || wanted.isBoundToCertificate()) { // RFC 8705 section 5
                String alias = json.at(body, "/mtls_endpoint_aliases/token_endpoint");
                endpoint = alias != null ? alias : endpoint;
            }
            if (endpoint == null) {
                throw malformed(issuer, "names no token_endpoint");
            }
            try {
                return new Metadata(OAuth.checkedEndpoint(URI.create(endpoint)), issuer.toString());
            } catch (IllegalArgumentException e) {
                throw malformed(issuer, "names the token_endpoint " + shown(endpoint) + ", which is no https address");
            }
        }

        private void require(String list, String entry) {
            check(offers(list, entry), list, entry);
        }

        private void check(boolean offered, String list, String entry) {
            if (!offered) {
                throw malformed(
                        issuer,
                        "has no " + entry + " in " + list + ", but " + shown(String.join(" ", entries(list)))
                                + "; choose one of these, or have it allowed at the server");
            }
        }

        /** A server that leaves a list out has said nothing. */
        private boolean offers(String list, String entry) {
            List<String> entries = entries(list);
            return entries.isEmpty() || entries.contains(entry);
        }

        private List<String> entries(String list) {
            List<String> entries = new ArrayList<>();
            for (int i = 0; i < MOST_ENTRIES; i++) {
                String entry = json.at(body, "/" + list + "/" + i);
                if (entry == null) {
                    break;
                }
                entries.add(entry);
            }
            return entries;
        }

        private static String shown(String text) {
            String safe = Explanation.show(text.getBytes(StandardCharsets.UTF_8));
            return safe.length() > 160 ? safe.substring(0, 160) + "..." : safe;
        }
    }
}
