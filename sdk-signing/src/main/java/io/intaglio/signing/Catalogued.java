package io.intaglio.signing;

/** A failure that the error catalogue, {@code docs/errors.md}, has an entry for: its cause, what to check and how to mend it. */
public interface Catalogued {
    /**
     * What kind of failure this is, such as {@code not-sent/connect}: to be searched for in the catalogue, counted and alerted on. It does not change
     * between versions as messages do; a later version may have more of them.
     */
    String errorId();
}
