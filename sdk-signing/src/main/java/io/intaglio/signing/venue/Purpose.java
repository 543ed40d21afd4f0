package io.intaglio.signing.venue;

/** What a call does, and so what a key must be allowed to do; each suffices for those before it. */
public enum Purpose {
    /** It only reads. */
    READ,
    /** It places, changes or cancels orders, or changes how the account trades. */
    TRADE,
    /** It moves money out of the account, or nothing is known of it: what is not known to be harmless counts as this. */
    WITHDRAW
}
