package io.intaglio.client.tls;

import io.intaglio.signing.secret.Secret;
import java.nio.file.Path;
import java.security.KeyStore;
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
    private final @Nullable Path keyFile;
    private final @Nullable Supplier<Secret> password;
    private final @Nullable Supplier<Secret> keyPassword;
    private final @Nullable String alias;
    private final List<String> hosts;
    /** Whether what a supplier of passwords gives is ours to wipe. */
    private final boolean wipes;

    private Keystore(
            @Nullable Path file,
            @Nullable KeyStore loaded,
            boolean token,
            @Nullable Path keyFile,
            @Nullable Supplier<Secret> password,
            @Nullable Supplier<Secret> keyPassword,
            @Nullable String alias,
            List<String> hosts,
            boolean wipes) {
        this.file = file;
        this.loaded = loaded;
        this.token = token;
        this.keyFile = keyFile;
        this.password = password;
        this.keyPassword = keyPassword;
        this.alias = alias;
        this.hosts = hosts;
        this.wipes = wipes;
    }

    /** A file. */
    public static Keystore file(Path file) {
        return new Keystore(
                Objects.requireNonNull(file, "file"), null, false, null, null, null, null, List.of(), false);
    }

    /**
     * A PKCS#11 token, by SunPKCS11's configuration file. TLS in Java finds the token's keys only through a registered provider, so reading it
     * registers the provider in this process, last in the list.
     */
    public static Keystore token(Path config, Supplier<Secret> pin) {
        return new Keystore(
                Objects.requireNonNull(config, "config"),
                null,
                true,
                null,
                Objects.requireNonNull(pin, "pin"),
                null,
                null,
                List.of(),
                true);
    }

    /** A keystore that the program has loaded itself. It is not watched for changes. */
    public static Keystore of(KeyStore loaded) {
        return new Keystore(
                null, Objects.requireNonNull(loaded, "loaded"), false, null, null, null, null, List.of(), false);
    }

    /** The password of the store, and of the key unless {@link #keyPassword} says another. It has to stay open as long as the file is watched. */
    public Keystore password(Secret secret) {
        Objects.requireNonNull(secret, "secret");
        return new Keystore(file, loaded, token, keyFile, () -> secret, keyPassword, alias, hosts, false);
    }

    /** The same, asked for each time that the file is read, and wiped afterwards. */
    public Keystore password(Supplier<Secret> source) {
        return new Keystore(
                file,
                loaded,
                token,
                keyFile,
                Objects.requireNonNull(source, "source"),
                keyPassword,
                alias,
                hosts,
                true);
    }

    /** The password of the private key, where it is another than that of the store. Asked for each time that the file is read, and wiped afterwards. */
    public Keystore keyPassword(Supplier<Secret> source) {
        return new Keystore(
                file, loaded, token, keyFile, password, Objects.requireNonNull(source, "source"), alias, hosts, wipes);
    }

    /** For PEM: the private key is in a file of its own. */
    public Keystore key(Path pem) {
        return new Keystore(
                file, loaded, token, Objects.requireNonNull(pem, "pem"), password, keyPassword, alias, hosts, wipes);
    }

    /** Which entry, where the store has several with a private key. */
    public Keystore alias(String name) {
        return new Keystore(
                file,
                loaded,
                token,
                keyFile,
                password,
                keyPassword,
                Objects.requireNonNull(name, "name"),
                hosts,
                wipes);
    }

    /** For these servers alone: names, or {@code *.venue.com} for all names under one. For all servers unless said. */
    public Keystore hosts(String... names) {
        return new Keystore(file, loaded, token, keyFile, password, keyPassword, alias, List.of(names), wipes);
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
