package io.intaglio.signing.venue;

/** What a venue promises about a client order id that it has seen before. Decides whether an unanswered order may be sent again. */
public enum Dedup {
    /** Nothing, or nothing documented. */
    NONE,
    /** Unique among open orders only: a filled order could be placed twice, so this is no idempotency key. */
    OPEN_ORDERS,
    /** Unique among all orders ever: sending it again cannot act twice. */
    ALL_ORDERS
}
