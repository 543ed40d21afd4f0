package io.intaglio.signing;

/**
 * The rule that signs what goes over another transport than HTTP with the same key: a WebSocket log-on, a signed WebSocket call, the fields of
 * a FIX Logon. Pure, immutable and thread-safe, as {@link SigningScheme} is.
 */
@FunctionalInterface
public interface LogonScheme {

    /**
     * Completes and signs.
     *
     * @throws SigningException when a value the scheme needs is absent or the key does not fit
     */
    Logon sign(LogonRequest request, Credential credential, Moment moment);
}
