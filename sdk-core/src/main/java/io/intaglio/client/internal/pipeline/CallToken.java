package io.intaglio.client.internal.pipeline;

import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.oauth.AccessToken;
import io.intaglio.client.oauth.TokenSource;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.Meaning;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The access token of one call, taken anew for each attempt; nothing where the venue wants none. Used by one thread. */
final class CallToken {
    /** RFC 6750 section 3 and RFC 9449 section 7.1. */
    private static final Pattern ERROR = Pattern.compile("error=\"?([a-z_]+)");

    private final @Nullable TokenSource source;
    private @Nullable AccessToken token;
    private boolean isRenewed;
    private boolean isNonceTold;

    CallToken(@Nullable TokenSource source) {
        this.source = source;
    }

    /** The credential as a token would make it, for showing what would be signed. */
    static Credential shown(Credential credential) {
        return AccessToken.bearer(Secret.of("access-token".getBytes(StandardCharsets.US_ASCII)))
                .on(credential);
    }

    /** Before the moment is taken, since it may take time. */
    void take(Duration limit) {
        if (source != null) {
            token = source.token(limit);
        }
    }

    SignedRequest sign(SigningScheme scheme, ApiRequest request, Credential credential, Moment moment, Duration limit) {
        while (true) {
            AccessToken taken = token;
            if (taken == null) {
                return scheme.sign(request, credential, moment);
            }
            try {
                return taken.sign(scheme, request, credential, moment);
            } catch (IllegalStateException e) {
                if (!taken.isClosed()) {
                    throw e;
                }
                take(limit); // it was replaced by another call
            }
        }
    }

    /** Takes a nonce for later proofs from any answer. */
    void learn(SignedRequest signed, RawAnswer answer) {
        isNewNonce(signed, answer);
    }

    private boolean isNewNonce(SignedRequest signed, RawAnswer answer) {
        AccessToken sent = token;
        String nonce = sent == null ? null : answer.header("DPoP-Nonce").orElse(null);
        return sent != null
                && nonce != null
                && signed.baseUri().isPresent()
                && sent.learnNonce(signed.baseUri().get(), nonce);
    }

    /**
     * Whether the venue refused the token, so that it did not execute the request (RFC 9110 section 15.5.2), and another token or proof can be sent:
     * once for each reason.
     */
    boolean isMended(SignedRequest signed, RawAnswer answer, @Nullable Meaning meaning) {
        AccessToken sent = token;
        boolean isRefused = answer.status() == 401 || answer.status() < 500 && meaning == Meaning.BAD_KEY;
        if (source == null || sent == null || !isRefused) {
            return false;
        }
        String error = error(answer);
        if (error.equals("use_dpop_nonce")) {
            boolean again = !isNonceTold && isNewNonce(signed, answer);
            isNonceTold = true;
            return again;
        }
        if (!error.isEmpty() && !error.equals("invalid_token") || isRenewed) {
            return false;
        }
        isRenewed = true;
        source.refused(sent);
        return true;
    }

    private static String error(RawAnswer answer) {
        for (Field header : answer.headers()) {
            Matcher found = header.name().equalsIgnoreCase("WWW-Authenticate") ? ERROR.matcher(header.value()) : null;
            if (found != null && found.find()) {
                return found.group(1);
            }
        }
        return "";
    }
}
