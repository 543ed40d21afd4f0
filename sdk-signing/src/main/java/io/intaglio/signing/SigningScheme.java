package io.intaglio.signing;

import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import java.util.Set;

/**
 * The rule that turns a request into the bytes a venue accepts. Pure: it reads no clock, counter, file or environment, so the same three
 * inputs give the same bytes. Implementations are immutable and thread-safe.
 *
 * <p>Most venues are built from parts and places, see {@link io.intaglio.signing.scheme.Scheme}; what does not fit is a lambda of this type.
 */
@FunctionalInterface
public interface SigningScheme {

    /**
     * Encodes, signs and completes the request.
     *
     * @throws SigningException when a value the scheme needs is absent or the key does not fit; nothing has been sent
     */
    SignedRequest sign(ApiRequest request, Credential credential, Moment moment);

    /** Signs, and tells every part with its bytes and where it went, secrets masked. The first stop for "invalid signature". */
    default Explanation explain(ApiRequest request, Credential credential, Moment moment) {
        return Explanation.of(sign(request, credential, moment));
    }

    /** How much of the scheme the request gets: what the caller asked for, else what the scheme knows of the path. */
    default Access accessOf(ApiRequest request) {
        return request.access().orElse(Access.SIGNED);
    }

    /** The algorithms the scheme takes; the credential's key picks one. Empty when the scheme does not declare them. */
    default Set<SignatureAlgorithm> algorithms() {
        return Set.of();
    }

    /** Where the signature travels, in a word or two for a table: signed headers, signed parameters, JWT. */
    default String family() {
        return "custom";
    }

    /**
     * Reads a key from the text in which the venue hands it out or the user stores it: PEM of any kind, or an HMAC secret, unless the scheme
     * knows more.
     *
     * @throws io.intaglio.signing.key.KeyException when it is no key that this scheme takes; the message says what it is
     */
    default SigningKey readKey(Secret text) {
        return KeyReader.looksLikePem(text) ? KeyReader.read(text) : SigningKey.hmac(text);
    }
}
