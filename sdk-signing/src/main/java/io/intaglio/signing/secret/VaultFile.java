package io.intaglio.signing.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Secrets by name in one encrypted file of ours.
 *
 * <pre>{@code
 * try (VaultFile vault = VaultFile.create(Path.of("desk.vault"), password)) {
 *     vault.put("kraken", Secret.fromFile(Path.of("kraken.secret"))); // written when it returns
 * }
 * }</pre>
 *
 * <p>The password goes through Argon2id (RFC 9106; 64 MiB, 3 passes, 4 lanes), the content through AES-256-GCM with the
 * whole header as associated data; salt and nonce are new with every write, so no key is ever used twice. A file that
 * asks for more than 256 MiB or 10 passes is refused before anything is computed. A wrong password and a damaged file
 * give the same error. A write replaces the file as a whole and is on the disk when it returns; only the owner may read
 * it. Names are encrypted too, and the length of the content shows in steps of 256 bytes.
 *
 * <p>Thread-safe in one object. Two writers at one time, in two objects or processes, keep the file sound, but the
 * later one wins.
 */
public final class VaultFile implements AutoCloseable {
    /*
     * The file: 8 bytes "INTAGLIO", version 1, derivation 1 (Argon2id 1.3), then memory in KiB, passes and lanes as
     * 4 bytes each, 16 bytes of salt, 12 of nonce; all that is the header. Then the encrypted content and its tag of 16
     * bytes. Content: number of entries, and for each the length of its name, its name in UTF-8, the length of its
     * secret and its secret; then zeros up to a multiple of 256. All numbers big-endian, 4 bytes.
     */
    private static final byte[] MAGIC = "INTAGLIO".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 50;
    private static final int TAG = 16;
    private static final int BLOCK = 256;
    private static final int MAX_NAME = 256;
    private static final int MAX_CONTENT = OwnerOnlyFile.MAX_BYTES - HEADER - TAG - BLOCK;
    private static final String SUBJECT = "vault file";

    /** What a password costs. */
    record Cost(int memoryKib, int passes, int lanes) {
        static final Cost STANDARD = new Cost(1 << 16, 3, 4);
        private static final int MAX_MEMORY_KIB = 1 << 18;
        private static final int MAX_PASSES = 10;
        private static final int MAX_LANES = 16;

        boolean isWithin() {
            return passes >= 1
                    && passes <= MAX_PASSES
                    && lanes >= 1
                    && lanes <= MAX_LANES
                    && memoryKib >= 8 * lanes
                    && memoryKib <= MAX_MEMORY_KIB;
        }
    }

    private final Path file;
    private final Secret password;
    private final Cost cost;
    private final Object lock = new Object();
    private final Map<String, Secret> entries = new TreeMap<>();

    private VaultFile(Path file, Secret password, Cost cost) {
        this.file = file;
        this.password = InsecureSecretAccess.use(password, Secret::of);
        this.cost = cost;
    }

    /**
     * Makes an empty vault file.
     *
     * @throws SecretException when the file exists, cannot be written, or the password is empty
     */
    public static VaultFile create(Path file, Secret password) {
        return create(file, password, Cost.STANDARD);
    }

    /** With another cost, for tests. */
    static VaultFile create(Path file, Secret password, Cost cost) {
        if (password.length() == 0) {
            throw new SecretException(SUBJECT + " " + file + " needs a password that is not empty; give one");
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new SecretException(
                    SUBJECT + " " + file + " exists already; open it, or choose another name",
                    new FileAlreadyExistsException(file.toString()));
        }
        VaultFile vault = new VaultFile(file, password, cost);
        vault.write();
        return vault;
    }

    /**
     * Opens a vault file and reads all of it.
     *
     * @throws SecretException when it is missing, open to others, no vault file, of a newer version or too costly, and
     *     with one and the same sentence when the password is wrong or the file is damaged
     */
    public static VaultFile open(Path file, Secret password) {
        return open(file, password, Cost.STANDARD);
    }

    /** @param least the least cost that is believed, for tests */
    static VaultFile open(Path file, Secret password, Cost least) {
        return OwnerOnlyFile.use(file, SUBJECT, content -> opened(file, content, password, least));
    }

    private static VaultFile opened(Path file, byte[] content, Secret password, Cost least) {
        Supplier<SecretException> damaged = () -> new SecretException("the password does not open " + SUBJECT + " "
                + file + "; check the password, or the file is damaged and its backup is needed");
        if (content.length < MAGIC.length || !Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new SecretException(SUBJECT + " " + file + " is no vault file; is it the right file?");
        }
        if (content.length < HEADER + TAG) {
            throw damaged.get();
        }
        ByteBuffer header = ByteBuffer.wrap(content, MAGIC.length, HEADER - MAGIC.length);
        int version = header.get();
        int derivation = header.get();
        if (version != 1 || derivation != 1) {
            throw new SecretException(
                    SUBJECT + " " + file + " is of version " + (version & 255) + "." + (derivation & 255)
                            + ", but 1.1 is known; use a newer Intaglio, or its backup when it is damaged");
        }
        Cost cost = new Cost(header.getInt(), header.getInt(), header.getInt());
        if (!cost.isWithin() || cost.memoryKib < least.memoryKib) {
            throw new SecretException(SUBJECT + " " + file + " asks for Argon2id with " + cost.memoryKib + " KiB, "
                    + cost.passes + " passes and " + cost.lanes + " lanes, but " + least.memoryKib + " to "
                    + Cost.MAX_MEMORY_KIB + " KiB, at most " + Cost.MAX_PASSES + " passes and " + Cost.MAX_LANES
                    + " lanes are done; restore it from its backup");
        }
        byte[] plain = new byte[0];
        VaultFile vault = new VaultFile(file, password, cost);
        try {
            plain = crypt(Cipher.DECRYPT_MODE, content, HEADER, content, cost, password);
            vault.readEntries(ByteBuffer.wrap(plain));
            return vault;
        } catch (GeneralSecurityException | RuntimeException e) { // a cause could tell one damage from another
            vault.close();
            throw damaged.get();
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private void readEntries(ByteBuffer in) {
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            byte[] name = new byte[Math.min(in.getInt(), MAX_NAME)];
            in.get(name);
            byte[] secret = new byte[Math.min(in.getInt(), in.remaining())];
            in.get(secret);
            entries.put(new String(name, StandardCharsets.UTF_8), Secret.takeOver(secret));
        }
    }

    /** The names, in order. */
    public List<String> names() {
        synchronized (lock) {
            return List.copyOf(entries.keySet());
        }
    }

    /**
     * A copy of an entry, which the caller closes.
     *
     * @throws SecretException naming what there is, when there is no such entry
     */
    public Secret get(String name) {
        synchronized (lock) {
            Secret found = entries.get(name);
            if (found == null) {
                throw new SecretException(SUBJECT + " " + file + " has no entry " + name + "; it has "
                        + (entries.isEmpty() ? "none" : String.join(", ", entries.keySet())));
            }
            return InsecureSecretAccess.use(found, Secret::of);
        }
    }

    /**
     * Adds an entry or replaces it, and writes the file. The caller may close the secret.
     *
     * @throws SecretException when the name is empty or too long, the content too large, or the file cannot be written;
     *     the vault is then as it was
     */
    public void put(String name, Secret secret) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_NAME) {
            throw new SecretException("the name of an entry has 1 to " + MAX_NAME + " bytes, but this has " + length);
        }
        change(name, InsecureSecretAccess.use(secret, Secret::of));
    }

    /**
     * Removes an entry, and writes the file.
     *
     * @return whether there was one
     */
    public boolean remove(String name) {
        synchronized (lock) {
            if (!entries.containsKey(name)) {
                return false;
            }
            change(name, null);
            return true;
        }
    }

    private void change(String name, @Nullable Secret fresh) {
        synchronized (lock) {
            Secret old = fresh == null ? entries.remove(name) : entries.put(name, fresh);
            try {
                write();
            } catch (RuntimeException e) {
                if (old == null) {
                    entries.remove(name);
                } else {
                    entries.put(name, old);
                }
                throw e;
            }
            if (old != null) {
                old.close();
            }
        }
    }

    private void write() {
        byte[] plain = plain();
        try {
            byte[] header = header();
            byte[] encrypted = crypt(Cipher.ENCRYPT_MODE, plain, 0, header, cost, password);
            byte[] whole = Arrays.copyOf(header, HEADER + encrypted.length);
            System.arraycopy(encrypted, 0, whole, HEADER, encrypted.length);
            OwnerOnlyFile.replace(file, whole);
        } catch (IOException e) {
            throw new SecretException(
                    SUBJECT + " " + file + " cannot be written (" + e.getClass().getSimpleName()
                            + "); check its folder and the room on the disk",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not supported by this JDK", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private byte[] header() {
        byte[] random = new byte[28];
        new SecureRandom().nextBytes(random);
        return ByteBuffer.allocate(HEADER)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 1)
                .putInt(cost.memoryKib)
                .putInt(cost.passes)
                .putInt(cost.lanes)
                .put(random)
                .array();
    }

    private byte[] plain() {
        long size = 4;
        for (Map.Entry<String, Secret> entry : entries.entrySet()) {
            size += 8
                    + entry.getKey().getBytes(StandardCharsets.UTF_8).length
                    + entry.getValue().length();
        }
        if (size > MAX_CONTENT) {
            throw new SecretException(SUBJECT + " " + file + " would be larger than 1 MiB; use a second one");
        }
        ByteBuffer out = ByteBuffer.allocate((int) ((size + BLOCK - 1) / BLOCK * BLOCK));
        out.putInt(entries.size());
        entries.forEach((name, secret) -> {
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            out.putInt(utf8.length).put(utf8).putInt(secret.length());
            InsecureSecretAccess.use(secret, out::put);
        });
        return out.array();
    }

    /** @param header the file's first bytes: salt and nonce are in it, and all of it is authenticated */
    private static byte[] crypt(int mode, byte[] data, int offset, byte[] header, Cost cost, Secret password)
            throws GeneralSecurityException {
        byte[] key = new byte[32];
        try {
            Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
            argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(cost.memoryKib)
                    .withIterations(cost.passes)
                    .withParallelism(cost.lanes)
                    .withSalt(Arrays.copyOfRange(header, 22, 38))
                    .build());
            InsecureSecretAccess.use(password, bytes -> argon2.generateBytes(bytes, key));
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG, header, 38, 12));
            cipher.updateAAD(header, 0, HEADER);
            return cipher.doFinal(data, offset, data.length - offset);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** The file's name; no entry. */
    @Override
    public String toString() {
        return "VaultFile[" + file + "]";
    }

    /** Wipes the entries and the password in memory. */
    @Override
    public void close() {
        synchronized (lock) {
            entries.values().forEach(Secret::close);
            password.close();
        }
    }
}
