package io.intaglio.signing;

/** How much authentication a call carries. A venue's scheme decides by path; {@link ApiRequest#access} overrides it. */
public enum Access {
    /** Nothing is added: market data and server time. */
    PUBLIC,
    /** The key id is sent, nothing is signed. */
    KEY_ONLY,
    /** The full scheme: stamped, signed, attached. */
    SIGNED
}
