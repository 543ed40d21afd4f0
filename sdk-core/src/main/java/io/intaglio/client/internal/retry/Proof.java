package io.intaglio.client.internal.retry;

/** Why repeating a request cannot make the venue act twice. */
public enum Proof {
    /** Not a byte of the request was written. */
    NOTHING_WRITTEN,
    /** The venue answered, in a way it documents, that it did not execute the request. */
    NOT_EXECUTED,
    /** The venue told too many requests apart and did not execute this one. */
    THROTTLED,
    /** The venue was asked, and knows no such order, at a time when it would. */
    RECONCILED,
    /** The request only reads. */
    READ_ONLY,
    /** The venue executes a client order id at most once, over all orders. */
    DEDUPLICATED
}
