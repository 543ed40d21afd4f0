package io.intaglio.examples;

/** An example was asked for something that it does not do; nothing was done. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message);
    }
}
