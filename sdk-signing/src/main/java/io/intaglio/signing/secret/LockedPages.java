package io.intaglio.signing.secret;

import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap that is not swapped ({@code mlock}) and left out of core files ({@code MADV_DONTDUMP}), on Linux and from JDK 22 on.
 * Goes through the foreign function interface by reflection, since this code is compiled for 17. Each piece has pages of its own. Thread-safe.
 */
final class LockedPages {
    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_PRIVATE_ANONYMOUS = 2 | 0x20;
    private static final int MADV_DONTDUMP = 16;

    private final MethodHandle mmap;
    private final MethodHandle munmap;
    private final MethodHandle mlock;
    private final MethodHandle madvise;
    private final Method ofAddress;
    private final Method reinterpret;
    private final Method asByteBuffer;
    private final Cleaner cleaner = Cleaner.create();
    private final AtomicBoolean warned = new AtomicBoolean();

    private LockedPages() throws ReflectiveOperationException {
        Native natives = new Native();
        mmap = natives.function("mmap", "JJJIIIJ");
        munmap = natives.function("munmap", "IJJ");
        mlock = natives.function("mlock", "IJJ");
        madvise = natives.function("madvise", "IJJI");
        Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
        ofAddress = segment.getMethod("ofAddress", long.class);
        reinterpret = segment.getMethod("reinterpret", long.class);
        asByteBuffer = segment.getMethod("asByteBuffer");
    }

    /** @param reason told why there are none */
    static Optional<LockedPages> open(StringBuilder reason) {
        if (Runtime.version().feature() < 22) {
            reason.append("it takes JDK 22 or newer, this is ")
                    .append(Runtime.version().feature());
            return Optional.empty();
        }
        if (!System.getProperty("os.name", "").startsWith("Linux")) {
            reason.append("it is done on Linux alone");
            return Optional.empty();
        }
        try {
            return Optional.of(new LockedPages());
        } catch (ReflectiveOperationException | RuntimeException e) {
            reason.append("native access is refused (")
                    .append(e.getClass().getSimpleName())
                    .append(
                            "); start with --enable-native-access=ALL-UNNAMED, or =io.intaglio.signing on the module path");
            return Optional.empty();
        }
    }

    /** Null, with one warning a JVM, when the system gives no more pages that can be locked. */
    @Nullable
    SecretMemory allocate(int size) {
        int length = Math.max(size, 1);
        try {
            long address =
                    (long) mmap.invokeWithArguments(0L, (long) length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (address == -1) {
                return refused("mmap");
            }
            boolean locked = (int) mlock.invokeWithArguments(address, (long) length) == 0;
            if (!locked || (int) madvise.invokeWithArguments(address, (long) length, MADV_DONTDUMP) != 0) {
                munmap.invokeWithArguments(address, (long) length);
                return refused(locked ? "madvise" : "mlock");
            }
            Object segment = reinterpret.invoke(ofAddress.invoke(null, address), (long) length);
            return new Piece((ByteBuffer) asByteBuffer.invoke(segment), address, length);
        } catch (Throwable e) { // what MethodHandle declares
            if (e instanceof Error error) {
                throw error;
            }
            return refused(e.getClass().getSimpleName());
        }
    }

    private @Nullable SecretMemory refused(String what) {
        if (!warned.getAndSet(true)) {
            SecretMemory.Kind.warn("a secret lies in plain memory: " + what
                    + " was refused; raise the limit of locked memory (ulimit -l, LimitMEMLOCK=)");
        }
        return null;
    }

    /** Pages of one secret. The system takes them back when it is freed, or no longer used by anyone. */
    private final class Piece implements SecretMemory {
        private final ByteBuffer bytes;
        private final Cleaner.Cleanable unmapping;
        private boolean freed;

        Piece(ByteBuffer bytes, long address, long length) {
            this.bytes = bytes;
            this.unmapping = cleaner.register(this, new Unmapping(munmap, address, length));
        }

        @Override
        public ByteBuffer bytes() {
            if (freed) {
                throw new IllegalStateException("these pages are given back");
            }
            return bytes;
        }

        @Override
        public void free() {
            if (!freed) {
                for (int i = 0; i < bytes.capacity(); i++) {
                    bytes.put(i, (byte) 0);
                }
                freed = true;
                unmapping.clean();
            }
        }
    }

    /** The kernel hands out pages of zeros, so nothing is read from those given back. */
    private record Unmapping(MethodHandle munmap, long address, long length) implements Runnable {
        @Override
        public void run() {
            try {
                munmap.invokeWithArguments(address, length);
            } catch (Throwable e) {
                throw new IllegalStateException("munmap failed", e);
            }
        }
    }

    /** Looks up C functions of integers. */
    private static final class Native {
        private final Class<?> linkerType = Class.forName("java.lang.foreign.Linker");
        private final Class<?> descriptorType = Class.forName("java.lang.foreign.FunctionDescriptor");
        private final Class<?> layoutType = Class.forName("java.lang.foreign.MemoryLayout");
        private final Class<?> layouts = Class.forName("java.lang.foreign.ValueLayout");
        private final Object options = Array.newInstance(Class.forName("java.lang.foreign.Linker$Option"), 0);
        private final Object linker = linkerType.getMethod("nativeLinker").invoke(null);
        private final Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);

        Native() throws ReflectiveOperationException {}

        /** @param types of the result and the arguments: J for 64 bits and pointers, I for 32 */
        MethodHandle function(String name, String types) throws ReflectiveOperationException {
            Object arguments = Array.newInstance(layoutType, types.length() - 1);
            for (int i = 1; i < types.length(); i++) {
                Array.set(arguments, i - 1, layout(types.charAt(i)));
            }
            Object descriptor = descriptorType
                    .getMethod("of", layoutType, arguments.getClass())
                    .invoke(null, layout(types.charAt(0)), arguments);
            Object symbol = ((Optional<?>) Class.forName("java.lang.foreign.SymbolLookup")
                            .getMethod("find", String.class)
                            .invoke(lookup, name))
                    .orElseThrow();
            return (MethodHandle) linkerType
                    .getMethod(
                            "downcallHandle",
                            Class.forName("java.lang.foreign.MemorySegment"),
                            descriptorType,
                            options.getClass())
                    .invoke(linker, symbol, descriptor, options);
        }

        private Object layout(char type) throws ReflectiveOperationException {
            return layouts.getField(type == 'J' ? "JAVA_LONG" : "JAVA_INT").get(null);
        }
    }
}
