package io.intaglio.signing.secret;

import java.util.Arrays;
import java.util.function.Function;

/**
 * The one way to the plain bytes of a {@link Secret}. Search a code base for this name to find every place where a
 * secret is read. Prefer {@link #use}, which wipes the copy for you.
 */
public final class InsecureSecretAccess {
    private InsecureSecretAccess() {}

    /**
     * A copy of the plain bytes, which the caller wipes.
     *
     * @throws IllegalStateException when the secret is closed
     */
    public static byte[] copyBytes(Secret secret) {
        return secret.plain();
    }

    /**
     * Hands a copy of the plain bytes to a function and wipes the copy when the function returns or throws. The
     * function must not keep or return the array.
     *
     * @throws IllegalStateException when the secret is closed
     */
    public static <T> T use(Secret secret, Function<byte[], T> function) {
        byte[] plain = secret.plain();
        try {
            return function.apply(plain);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }
}
