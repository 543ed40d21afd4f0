package io.intaglio.signing;

/**
 * One name and value of a query string, a form or a header list, before any encoding. A name may occur more than once in a list.
 *
 * @param name as the venue spells it
 * @param value plain text, not percent-encoded
 */
public record Field(String name, String value) {}
