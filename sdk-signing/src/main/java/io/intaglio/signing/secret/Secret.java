package io.intaglio.signing.secret;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Secret bytes: an HMAC key, a private key's text, a password. Prefer {@link #fromFile} and {@link #fromEnv}, which
 * never make a {@code String} of your own; a {@code String} cannot be wiped.
 *
 * <p>The bytes are kept exclusive-ored with a random pad of this instance, so a search of the heap does not find them.
 * That is obfuscation, not encryption: whoever has the whole heap has the pad too. {@link #close()} wipes both. With the system property
 * {@code intaglio.secret-memory=locked}, on Linux and from JDK 22 on, both lie outside the heap in pages that are neither swapped nor written
 * to core files; each secret then takes a page of the limit on locked memory.
 *
 * <p>Thread-safe. Not serializable. {@link #equals} takes the same time wherever two secrets of one length differ, and
 * nothing prints the content. Any use after {@link #close()} throws {@link IllegalStateException}.
 */
public final class Secret implements AutoCloseable {
    private final Object lock = new Object();
    private final int length;
    /** The masked bytes, and behind them the pad. */
    private final SecretMemory memory;

    private boolean closed;

    private Secret(byte[] plain, int length) {
        this.length = length;
        memory = SecretMemory.of(2 * length);
        byte[] pad = new byte[length];
        new SecureRandom().nextBytes(pad);
        ByteBuffer bytes = memory.bytes();
        for (int i = 0; i < length; i++) {
            bytes.put(i, (byte) (plain[i] ^ pad[i]));
            bytes.put(length + i, pad[i]);
        }
        Arrays.fill(pad, (byte) 0);
    }

    /** Copies the bytes. Wipe your array afterwards, or use {@link #takeOver}. */
    public static Secret of(byte[] copyOfBytes) {
        return new Secret(copyOfBytes, copyOfBytes.length);
    }

    /** Copies the bytes and wipes the given array. */
    public static Secret takeOver(byte[] bytes) {
        Secret secret = new Secret(bytes, bytes.length);
        Arrays.fill(bytes, (byte) 0);
        return secret;
    }

    /**
     * Copies the characters as UTF-8. Wipe your array afterwards.
     *
     * @throws IllegalArgumentException when the characters are no text, such as half of a surrogate pair
     */
    public static Secret ofChars(char[] chars) {
        byte[] bytes = new byte
                [Math.multiplyExact(chars.length, 3)]; // the most UTF-8 takes, so nothing is copied and left behind
        ByteBuffer encoded = ByteBuffer.wrap(bytes);
        try {
            CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
            CoderResult result = encoder.encode(CharBuffer.wrap(chars), encoded, true);
            if (result.isError()) {
                throw new IllegalArgumentException("secret is not text: it holds half of a surrogate pair");
            }
            return new Secret(bytes, encoded.position());
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Reads an environment variable as UTF-8, without one line break at its end. The JVM keeps its own copy of the
     * environment, which cannot be wiped; a file is better where you have the choice.
     *
     * @throws SecretException naming the variable, when it is not set or empty
     */
    public static Secret fromEnv(String name) {
        String value = System.getenv(Objects.requireNonNull(name, "name"));
        if (value == null) {
            throw new SecretException(
                    "environment variable " + name + " is not set; export it before the program starts");
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int length = withoutLineBreak(bytes, bytes.length);
        if (length == 0) {
            throw new SecretException("environment variable " + name + " is set but empty; put the secret into it");
        }
        Secret secret = new Secret(bytes, length);
        Arrays.fill(bytes, (byte) 0);
        return secret;
    }

    /**
     * Reads a file, without one line break at its end. On POSIX file systems only its owner may have access to it.
     * Symbolic links are followed, and the rules hold for the file they lead to.
     *
     * @throws SecretException naming the file and the next step, when it is missing, no regular file, open to
     *     group or others, empty or over 1 MiB
     */
    public static Secret fromFile(Path file) {
        return OwnerOnlyFile.use(file, "secret file", content -> {
            int length = withoutLineBreak(content, content.length);
            if (length == 0) {
                throw new SecretException("secret file " + file + " is empty; put the secret into it");
            }
            return new Secret(content, length);
        });
    }

    /**
     * Writes the bytes to a new file that only its owner may read, and to the disk. On Windows the permissions are those of the folder.
     *
     * @throws SecretException when the file exists, whatever it is, or cannot be written
     */
    public void toNewFile(Path file) {
        InsecureSecretAccess.use(this, plain -> {
            OwnerOnlyFile.create(file, plain);
            return plain.length;
        });
    }

    /** Copies the bytes without one line break at their end. */
    static Secret ofLine(byte[] bytes) {
        return new Secret(bytes, withoutLineBreak(bytes, bytes.length));
    }

    private static int withoutLineBreak(byte[] bytes, int length) {
        if (length > 0 && bytes[length - 1] == '\n') {
            return length > 1 && bytes[length - 2] == '\r' ? length - 2 : length - 1;
        }
        return length;
    }

    /** The number of bytes. */
    public int length() {
        synchronized (lock) {
            checkOpen();
            return length;
        }
    }

    /** A new array with the plain bytes, for {@link InsecureSecretAccess} alone. */
    byte[] plain() {
        synchronized (lock) {
            checkOpen();
            byte[] plain = new byte[length];
            ByteBuffer bytes = memory.bytes();
            for (int i = 0; i < length; i++) {
                plain[i] = (byte) (bytes.get(i) ^ bytes.get(length + i));
            }
            return plain;
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "this secret is closed and its bytes are wiped; read it again from its source");
        }
    }

    private byte @Nullable [] plainIfOpen() {
        synchronized (lock) {
            return closed ? null : plain();
        }
    }

    /** Whether both hold the same bytes. A closed secret equals only itself. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Secret that)) {
            return false;
        }
        byte[] mine = plainIfOpen();
        byte[] theirs = that.plainIfOpen();
        try {
            return mine != null && theirs != null && MessageDigest.isEqual(mine, theirs);
        } finally {
            wipe(mine);
            wipe(theirs);
        }
    }

    private static void wipe(byte @Nullable [] bytes) {
        if (bytes != null) {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Depends on the length alone, so it says nothing of the content. */
    @Override
    public int hashCode() {
        return Integer.hashCode(length);
    }

    /** {@code Secret[redacted]}. */
    @Override
    public String toString() {
        return "Secret[redacted]";
    }

    /** Wipes the bytes. Closing twice does nothing more. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            memory.free();
        }
    }
}
