package io.intaglio.signing.secret;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;

/** Where the bytes of one secret lie, masked. Not thread-safe. */
interface SecretMemory {
    /** The system property that asks for pages which are neither swapped nor dumped: {@code intaglio.secret-memory=locked}. */
    String PROPERTY = "intaglio.secret-memory";

    /** All of it; not to be used after {@link #free}. */
    ByteBuffer bytes();

    /** Wipes it and gives it back. Doing so twice does nothing more. */
    void free();

    /** As much as asked for, filled with zeros. */
    static SecretMemory of(int size) {
        return Kind.CHOSEN.apply(size);
    }

    /** The kind for this JVM, chosen once. */
    final class Kind {
        private static final IntFunction<SecretMemory> CHOSEN = choose(System.getProperty(PROPERTY, ""));

        private Kind() {}

        /** @param asked the value of {@link #PROPERTY} */
        static IntFunction<SecretMemory> choose(String asked) {
            if (!asked.equals("locked")) {
                return Heap::new;
            }
            StringBuilder reason = new StringBuilder();
            Optional<LockedPages> pages = LockedPages.open(reason);
            if (pages.isEmpty()) {
                warn("secrets lie in plain memory although " + PROPERTY + " is locked: " + reason);
                return Heap::new;
            }
            LockedPages available = pages.get();
            return size -> {
                SecretMemory locked = available.allocate(size);
                return locked != null ? locked : new Heap(size);
            };
        }

        static void warn(String message) {
            System.getLogger("io.intaglio.signing.secret").log(System.Logger.Level.WARNING, message);
        }
    }

    /** An array: moved by the collector, swapped and dumped like any other. */
    final class Heap implements SecretMemory {
        private final byte[] array;

        Heap(int size) {
            array = new byte[size];
        }

        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(array);
        }

        @Override
        public void free() {
            Arrays.fill(array, (byte) 0);
        }
    }
}
