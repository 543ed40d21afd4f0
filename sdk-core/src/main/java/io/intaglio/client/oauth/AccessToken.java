package io.intaglio.client.oauth;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An access token, with the proof that goes with it where it is bound to a key (DPoP, RFC 9449). Thread-safe. Its source wipes it when it is
 * replaced. Nothing prints it; in a request it is text, as a signature is.
 */
public final class AccessToken implements AutoCloseable {
    private final Secret value;
    private final @Nullable Dpop dpop;
    private final @Nullable String hash;
    private volatile boolean closed;

    private AccessToken(Secret value, @Nullable Dpop dpop) {
        this.value = Objects.requireNonNull(value, "value");
        this.dpop = dpop;
        this.hash = dpop == null ? null : InsecureSecretAccess.use(value, Dpop::hashOf);
    }

    /**
     * A token that whoever has it may use (RFC 6750), or one that is bound to a TLS certificate (RFC 8705), which travels in the same way.
     *
     * @param value kept, and wiped by {@link #close()}
     */
    public static AccessToken bearer(Secret value) {
        return new AccessToken(value, null);
    }

    static AccessToken bound(Secret value, Dpop dpop) {
        return new AccessToken(value, dpop);
    }

    /** {@code Bearer} or {@code DPoP}: what precedes the token in the {@code Authorization} header. */
    public String type() {
        return dpop == null ? "Bearer" : "DPoP";
    }

    /** The credential with the secret value {@code token} and the value {@code token-type}, which schemes place. */
    public Credential on(Credential credential) {
        return credential.with("token", value).with("token-type", type());
    }

    /**
     * Signs a request that carries the token; for DPoP, with a proof for this request alone, made at the moment's time.
     *
     * @throws IllegalStateException when the token was replaced and wiped meanwhile; take another from its source
     */
    public SignedRequest sign(SigningScheme scheme, ApiRequest request, Credential credential, Moment moment) {
        SignedRequest signed = scheme.sign(request, on(credential), moment);
        return dpop == null ? signed : dpop.proving(signed, Objects.requireNonNull(hash), moment.timestamp());
    }

    /** Whether it was wiped. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Takes a nonce from an answer of a server to which the token was sent; proofs for that server carry it from now on (RFC 9449 section 9).
     *
     * @param server its address; the path does not count
     * @return whether it is another than before, so that a request that was refused for its nonce can be sent again
     */
    public boolean learnNonce(URI server, String nonce) {
        return dpop != null && dpop.learnNonce(server, nonce);
    }

    /** Wipes the token. */
    @Override
    public void close() {
        closed = true;
        value.close();
    }

    /** The type. */
    @Override
    public String toString() {
        return "AccessToken[" + type() + ", redacted]";
    }
}
