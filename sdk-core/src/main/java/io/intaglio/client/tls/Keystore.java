package io.intaglio.client.tls;

import io.intaglio.signing.secret.Secret;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a client's certificate and its private key are, and how they are opened: a file in PEM, PKCS#12, JKS or BCFKS, told by its content and
 * not by its name, or a PKCS#11 token. Immutable; each method gives another.
 *
 * <pre>{@code
 * Keystore.file(Path.of("desk.p12")).password(password)
 * Keystore.file(Path.of("tls.crt")).key(Path.of("tls.key"))                     // as Kubernetes mounts them
 * Keystore.file(Path.of("all.p12")).password(() -> store.resolve("file:/run/secrets/p12")).alias("desk-7").hosts("*.venue.com")
 * }</pre>
 */
public final class Keystore {
    private final @Nullable Path file;
    private final @Nullable KeyStore loaded;
    private final boolean token;
    // written in the method that makes a copy, before anyone else sees it
    private @Nullable Path keyFile;
    private List<Path> issuers = List.of();
    private @Nullable Supplier<Secret> password;
    private @Nullable Supplier<Secret> keyPassword;
    private @Nullable String alias;
    private List<String> hosts = List.of();
    /** Whether what the supplier of the password gives is ours to wipe. */
    private boolean wipes;

    private Keystore(@Nullable Path file, @Nullable KeyStore loaded, boolean token) {
        this.file = file;
        this.loaded = loaded;
        this.token = token;
    }

    private Keystore(Keystore from) {
        this(from.file, from.loaded, from.token);
        keyFile = from.keyFile;
        issuers = from.issuers;
        password = from.password;
        keyPassword = from.keyPassword;
        alias = from.alias;
        hosts = from.hosts;
        wipes = from.wipes;
    }

    /** A file. */
    public static Keystore file(Path file) {
        return new Keystore(Objects.requireNonNull(file, "file"), null, false);
    }

    /**
     * A PKCS#11 token, by SunPKCS11's configuration file. TLS in Java finds the token's keys only through a registered provider, so reading it
     * registers the provider in this process, last in the list.
     */
    public static Keystore token(Path config, Supplier<Secret> pin) {
        return new Keystore(Objects.requireNonNull(config, "config"), null, true).password(pin);
    }

    /** A keystore that the program has loaded itself. It is not watched for changes. */
    public static Keystore of(KeyStore loaded) {
        return new Keystore(null, Objects.requireNonNull(loaded, "loaded"), false);
    }

    /** The password of the store, and of the key unless {@link #keyPassword} says another. It has to stay open as long as the file is watched. */
    public Keystore password(Secret secret) {
        Objects.requireNonNull(secret, "secret");
        Keystore changed = new Keystore(this);
        changed.password = () -> secret;
        changed.wipes = false;
        return changed;
    }

    /** The same, asked for each time that the file is read, and wiped afterwards. */
    public Keystore password(Supplier<Secret> source) {
        Keystore changed = new Keystore(this);
        changed.password = Objects.requireNonNull(source, "source");
        changed.wipes = true;
        return changed;
    }

    /** The password of the private key, where it is another than that of the store. Asked for each time that the file is read, and wiped afterwards. */
    public Keystore keyPassword(Supplier<Secret> source) {
        Keystore changed = new Keystore(this);
        changed.keyPassword = Objects.requireNonNull(source, "source");
        return changed;
    }

    /** For PEM: the private key is in a file of its own. */
    public Keystore key(Path pem) {
        Keystore changed = new Keystore(this);
        changed.keyFile = Objects.requireNonNull(pem, "pem");
        return changed;
    }

    /** For PEM: certificates of the issuers are in files of their own. */
    public Keystore issuers(Path... pem) {
        Keystore changed = new Keystore(this);
        changed.issuers = List.of(pem);
        return changed;
    }

    /** Which entry, where the store has several with a private key. */
    public Keystore alias(String name) {
        Keystore changed = new Keystore(this);
        changed.alias = Objects.requireNonNull(name, "name");
        return changed;
    }

    /** For these servers alone: names, or {@code *.venue.com} for all names under one. For all servers unless said. */
    public Keystore hosts(String... names) {
        Keystore changed = new Keystore(this);
        changed.hosts = List.of(names);
        return changed;
    }

    /** All files that it reads. */
    List<Path> files() {
        List<Path> files = new ArrayList<>(issuers);
        if (keyFile != null) {
            files.add(keyFile);
        }
        if (file != null) {
            files.add(file);
        }
        return files;
    }

    List<Path> issuers() {
        return issuers;
    }

    @Nullable
    Path file() {
        return file;
    }

    @Nullable
    KeyStore loaded() {
        return loaded;
    }

    boolean isToken() {
        return token;
    }

    @Nullable
    Path keyFile() {
        return keyFile;
    }

    @Nullable
    Supplier<Secret> password() {
        return password;
    }

    @Nullable
    Supplier<Secret> keyPassword() {
        return keyPassword;
    }

    boolean wipes() {
        return wipes;
    }

    @Nullable
    String alias() {
        return alias;
    }

    boolean serves(String host) {
        return hosts.isEmpty() || hosts.stream().anyMatch(pattern -> HostNames.covers(pattern, host));
    }

    boolean isForAll() {
        return hosts.isEmpty();
    }

    /**
     * Reads it and says what it holds, whatever is wrong with its entries.
     *
     * @throws KeystoreException when it cannot be opened; the message says why, and the next step
     */
    public KeystoreContent read() {
        return KeystoreReader.read(this);
    }

    /** The file. */
    @Override
    public String toString() {
        return subject();
    }

    /** For messages. */
    String subject() {
        return file == null ? "the loaded keystore" : (token ? "token " : "keystore ") + file;
    }
}
