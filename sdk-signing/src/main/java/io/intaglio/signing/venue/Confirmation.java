package io.intaglio.signing.venue;

/** How well a venue's signing rule is known: who else than this library was seen to sign so. Other facts of a venue may be known less well. */
public enum Confirmation {
    /** The venue's own documentation, published example or SDK says so. */
    OFFICIAL,
    /** An independent implementation that talks to the venue signs the same bytes. */
    SECOND_IMPLEMENTATION,
    /** Known from a description by others: try it with a harmless call before relying on it. */
    UNCONFIRMED
}
