package io.intaglio.client.remote;

import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.venue.Venue;
import java.net.URI;
import java.util.Base64;
import java.util.regex.Pattern;

/** A service that is called like a venue, and whose failures are failures to sign, not of an order. */
final class Service implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

    private final String name;
    private final VenueClient client;

    Service(String name, URI address, SigningScheme scheme, Credential credential, Tls tls) {
        this.name = name;
        Venue venue = Venue.named(name)
                .baseUri(address.toString())
                .scheme(scheme)
                .errorCodeAt("/__type")
                .errorCodeAt("/errors/0")
                .build();
        this.client = VenueClient.builder(venue)
                .credential(credential)
                .alsoClose(credential)
                .tls(tls)
                .build();
    }

    /** @param subject what it is about, for messages */
    VenueResponse call(ApiRequest request, String subject) {
        try {
            return client.send(request);
        } catch (VenueException e) { // its effect is not that of the request that is being signed
            throw new KeyServiceException(name + " did not serve " + subject + ": " + e.getMessage(), e);
        }
    }

    String value(VenueResponse response, String pointer, String subject) {
        return response.at(pointer)
                .orElseThrow(() -> new KeyServiceException(
                        name + " answered to " + subject + " without " + pointer + "; check the path and the name"));
    }

    byte[] decoded(String base64, boolean url, String subject) {
        try {
            return (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(base64);
        } catch (IllegalArgumentException e) {
            throw new KeyServiceException(name + " answered to " + subject + " with a signature that is no base64");
        }
    }

    static String checked(String what, String text) {
        if (!NAME.matcher(text).matches() || text.contains("..")) {
            throw new IllegalArgumentException(
                    what + " '" + text + "' must be letters, digits, '.', '_', '-', and '/' in between");
        }
        return text;
    }

    @Override
    public void close() {
        client.close();
    }
}
