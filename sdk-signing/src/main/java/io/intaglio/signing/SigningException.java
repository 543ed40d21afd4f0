package io.intaglio.signing;

/**
 * A request could not be signed as asked: a value the scheme needs is absent, the key is of the wrong kind, or the request holds something
 * that cannot be sent. Nothing has been sent and no nonce was used up at the venue. The message names the scheme, what was seen, what was
 * wanted and the next step; it never holds a secret, a signature or a whole key id.
 */
public class SigningException extends RuntimeException implements Catalogued {
    private static final long serialVersionUID = 1L;

    /** A message says subject, value seen, value wanted, next step */
    public SigningException(String message) {
        super(message);
    }

    @Override
    public String errorId() {
        return "signing";
    }
}
