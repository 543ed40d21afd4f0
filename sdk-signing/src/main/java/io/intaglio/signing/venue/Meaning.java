package io.intaglio.signing.venue;

/** What an error code of a venue tells a client to do. */
public enum Meaning {
    /** Too many calls; the request was not executed. Wait. */
    THROTTLED,
    /** This address or key is locked out for a time; the request was not executed. Stop. */
    BANNED,
    /** The timestamp is outside the venue's window; the request was not executed. Correct the clock. */
    CLOCK_SKEW,
    /** The nonce was used or is too low; this request was not executed, an earlier copy of it may have been. */
    BAD_NONCE,
    /** The signature does not match; the request was not executed. */
    BAD_SIGNATURE,
    /** The key is unknown, expired, lacks the permission or is used from another address; the request was not executed. */
    BAD_KEY,
    /** The client order id was used before; this request was not executed, an earlier one may have been. */
    DUPLICATE,
    /** The venue says that it did not execute the request, for another reason. */
    NOT_EXECUTED,
    /** The venue says that it does not know whether it executed the request. */
    UNKNOWN_OUTCOME
}
