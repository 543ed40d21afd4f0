package io.intaglio.client.tls;

/**
 * Whether certificates of servers are looked up as revoked: by the answer that the server staples to its handshake (RFC 6066), else at the
 * authority's OCSP responder (RFC 6960), else in its revocation list (RFC 5280), of all certificates but the trust anchor.
 *
 * <p>A look-up is a request of the Java runtime to the authority, over plain HTTP and outside the client's proxy, while the connection is being
 * opened. Venues with short-lived certificates name no responder at all, so {@link #HARD} cannot reach them.
 */
public enum Revocation {
    /** Nothing is looked up. */
    NONE,
    /** What is told to be revoked is refused. When nobody answers, the certificate counts as good: an attacker who can hold the answer back wins. */
    SOFT,
    /** What is not told to be good is refused. When the authority's responder is down, the venue cannot be reached. */
    HARD
}
