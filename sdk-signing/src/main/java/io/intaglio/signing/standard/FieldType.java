package io.intaglio.signing.standard;

/** The top-level types of structured fields (RFC 9651 section 3). */
public enum FieldType {
    /** One value. */
    ITEM,
    /** Values in order. */
    LIST,
    /** Values with names. */
    DICTIONARY
}
