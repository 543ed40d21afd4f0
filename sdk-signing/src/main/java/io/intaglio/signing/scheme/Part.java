package io.intaglio.signing.scheme;

/**
 * A piece of text or bytes made from the inputs of one signature: the path, the body, a hash of other parts. {@link Parts} has the usual
 * ones; a lambda is a part too. A part must be pure and thread-safe, and must throw {@link io.intaglio.signing.SigningException} when a value
 * it needs is absent: signing an empty text in its place would give a signature that nobody can explain.
 */
@FunctionalInterface
public interface Part {

    /** Appends this part's bytes. Composite parts write their children with {@link SigningInput#write}, which is what makes them explainable. */
    void write(SigningInput input, ByteSink out);

    /** How an explanation calls this part. */
    default String label() {
        return "custom";
    }
}
