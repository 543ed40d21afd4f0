package io.intaglio.client.profile;

import io.intaglio.client.Budgets;
import io.intaglio.client.Proxy;
import io.intaglio.client.VenueClient;
import io.intaglio.client.guard.Guard;
import io.intaglio.client.guard.GuardPolicy;
import io.intaglio.client.oauth.ClientAuthentication;
import io.intaglio.client.oauth.OAuth;
import io.intaglio.client.profile.Profiles.Sourced;
import io.intaglio.client.tls.Keystore;
import io.intaglio.client.tls.Revocation;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.Pkcs11Token;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.SecretStore;
import io.intaglio.signing.standard.JwsAlgorithm;
import io.intaglio.signing.time.NonceSource;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Purpose;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One profile: every value with its source, and the client that they describe. Immutable and thread-safe. It holds references to secrets,
 * no secret.
 */
public final class Profile {
    private static final Set<String> PERMISSIONS = Set.of("read", "trade", "withdraw");
    private static final String DRY_RUN = ProfileKey.GUARD + "." + GuardKey.DRY_RUN.text();
    private static final Pattern REFERENCE = Pattern.compile("(env|file|exec|keystore|vaultfile|keyring|pkcs11):.+");
    private static final Pattern SOUNDS_SECRET = Pattern.compile(".*(secret|password|passphrase|private|token|pin).*");

    private final String name;
    private final Map<String, Sourced> values;

    Profile(String name, Map<String, Sourced> values) {
        this.name = name;
        this.values = values;
        values.forEach(this::check);
    }

    private void check(String key, Sourced sourced) {
        if (form(key) == ProfileKey.Form.REFERENCE
                && !REFERENCE.matcher(sourced.value()).matches()) {
            // what stands there may be the secret itself, so it is not shown
            throw fault(
                    key,
                    "must be a reference to a secret and not the secret itself; write for example file:/etc/desk/secret");
        }
        if (key.startsWith(ProfileKey.ATTRIBUTES + ".")
                && SOUNDS_SECRET.matcher(key.toLowerCase(Locale.ROOT)).matches()) {
            throw fault(key, "sounds like a secret; give it by reference under secrets instead of attributes");
        }
        if (key.equals(ProfileKey.PERMISSIONS.text())) {
            for (String permission : sourced.value().split(",", -1)) {
                if (!PERMISSIONS.contains(permission.strip())) {
                    throw fault(key, "must be some of read, trade and withdraw");
                }
            }
        }
    }

    private static ProfileKey.Form form(String key) {
        return ProfileKey.of(key)
                .map(ProfileKey::form)
                .orElse(
                        key.startsWith(ProfileKey.SECRETS + ".")
                                ? ProfileKey.Form.REFERENCE
                                : key.startsWith(ProfileKey.LIMITS + ".") || key.startsWith(ProfileKey.GUARD + ".")
                                        ? ProfileKey.Form.PLAIN
                                        : ProfileKey.Form.SHORTENED);
    }

    private ProfileException fault(String key, String what) {
        return new ProfileException(sentence(key, what));
    }

    private ProfileException fault(String key, RuntimeException cause) {
        return new ProfileException(sentence(key, "is refused: " + cause.getMessage()), cause);
    }

    private String sentence(String key, String what) {
        Sourced sourced = values.get(key);
        return "profile " + name + ": " + key + (sourced == null ? "" : " in " + sourced.source()) + " " + what;
    }

    private Optional<String> text(ProfileKey key) {
        return Optional.ofNullable(values.get(key.text())).map(Sourced::value);
    }

    private String needed(ProfileKey key, String example) {
        return text(key).orElseThrow(() -> fault(key.text(), "is missing; write for example " + example));
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** Every value that is set, fit to be shown, and where it comes from. */
    public List<Setting> settings() {
        return values.entrySet().stream()
                .map(entry -> new Setting(
                        entry.getKey(),
                        shown(form(entry.getKey()), entry.getValue().value()),
                        entry.getValue().source()))
                .toList();
    }

    private static String shown(ProfileKey.Form form, String value) {
        return switch (form) {
            case PLAIN -> value;
            case SHORTENED -> value.length() >= 12 ? value.substring(0, 4) + "..." : "...";
            case REFERENCE ->
                value.startsWith("exec:") && value.contains(" ")
                        ? value.substring(0, value.indexOf(' ')) + " ..."
                        : value;
        };
    }

    /** What the key may do: some of {@code read}, {@code trade} and {@code withdraw}; all when it does not say. */
    public Set<String> permissions() {
        Set<String> permissions = new LinkedHashSet<>();
        for (String permission :
                text(ProfileKey.PERMISSIONS).orElse("read,trade,withdraw").split(",", -1)) {
            permissions.add(permission.strip());
        }
        return permissions;
    }

    /**
     * The venue, in the environment and at the address that the profile says.
     *
     * @throws ProfileException when it is missing or not known
     */
    public Venue venue() {
        String venueName = needed(ProfileKey.VENUE, "venue = \"binance\"");
        Venue venue = setting(ProfileKey.VENUE, () -> Venues.named(venueName));
        Optional<String> environment = text(ProfileKey.ENVIRONMENT);
        if (environment.isPresent()) {
            venue = setting(
                    ProfileKey.ENVIRONMENT, () -> Venues.named(venueName).environment(environment.get()));
        }
        venue = hasOAuth() ? venue.withAccessTokens() : venue;
        venue = venue.withLimits(limits(venue));
        Optional<String> address = text(ProfileKey.BASE_URI);
        return address.isPresent() ? venue.at(setting(ProfileKey.BASE_URI, () -> address(address.get()))) : venue;
    }

    /** What the profile says of limits: another capacity, for a higher tier or for the part that is not left to others, or limits of its own. */
    private List<Limit> limits(Venue venue) {
        List<Limit> changed = new ArrayList<>();
        values.forEach((key, sourced) -> {
            if (key.startsWith(ProfileKey.LIMITS + ".")) {
                String limit = key.substring(ProfileKey.LIMITS.length() + 1);
                try {
                    changed.add(LimitText.read(sourced.value(), limit, venue.limits()));
                } catch (IllegalArgumentException e) {
                    throw fault(key, e);
                }
            }
        });
        return changed;
    }

    private static URI address(String text) {
        URI uri = URI.create(text);
        if (uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("wanted an address such as https://api.example.com");
        }
        return uri;
    }

    private <T> T setting(ProfileKey key, Supplier<T> value) {
        return setting(key.text(), value);
    }

    private <T> T setting(String key, Supplier<T> value) {
        try {
            return value.get();
        } catch (ProfileException e) {
            throw e;
        } catch (RuntimeException e) {
            throw fault(key, e);
        }
    }

    /**
     * Reads the secrets and makes the credential, which the caller closes.
     *
     * @throws ProfileException when a secret cannot be read, or is no key that the venue takes
     */
    public Credential credential() {
        SecretStore store = store();
        Venue venue = venue();
        String keyId = needed(ProfileKey.KEY_ID, "key-id = \"the key's public name\"");
        Optional<String> reference = hasOAuth() ? Optional.empty() : text(ProfileKey.SECRET);
        Credential credential = setting(
                reference.isPresent() ? ProfileKey.SECRET : ProfileKey.KEY_ID,
                () -> reference.isPresent() ? signing(store, venue, keyId, reference.get()) : Credential.keyId(keyId));
        try {
            Optional<String> passphrase = text(ProfileKey.PASSPHRASE);
            if (passphrase.isPresent()) {
                credential = credential.with(
                        "passphrase", setting(ProfileKey.PASSPHRASE, () -> store.resolve(passphrase.get())));
            }
            for (Map.Entry<String, Sourced> entry : values.entrySet()) {
                credential = named(
                        credential, store, entry.getKey(), entry.getValue().value());
            }
            return credential;
        } catch (RuntimeException e) {
            credential.close();
            throw e;
        }
    }

    private Credential named(Credential credential, SecretStore store, String key, String value) {
        String inner = key.substring(key.indexOf('.') + 1);
        if (key.startsWith(ProfileKey.ATTRIBUTES + ".")) {
            return credential.with(inner, value);
        }
        if (!key.startsWith(ProfileKey.SECRETS + ".")) {
            return credential;
        }
        try {
            return credential.with(inner, store.resolve(value));
        } catch (RuntimeException e) {
            throw fault(key, e);
        }
    }

    private Credential signing(SecretStore store, Venue venue, String keyId, String reference) {
        if (reference.startsWith("pkcs11:")) {
            return Credential.of(keyId, Pkcs11Token.key(store, reference));
        }
        Secret secret = store.resolve(reference);
        boolean kept = false;
        try {
            Optional<String> password = text(ProfileKey.SECRET_PASSWORD);
            Credential credential = password.isPresent()
                    ? Credential.of(keyId, encrypted(store, secret, password.get()))
                    : venue.credential(keyId, secret);
            kept = credential.secret("secret").isPresent(); // a venue without signatures gets the secret itself
            return credential;
        } finally {
            if (!kept) {
                secret.close();
            }
        }
    }

    private SigningKey encrypted(SecretStore store, Secret text, String passwordReference) {
        try (Secret password = setting(ProfileKey.SECRET_PASSWORD, () -> store.resolve(passwordReference))) {
            return KeyReader.read(text, password);
        }
    }

    private SecretStore store() {
        return text(ProfileKey.UNLOCK)
                .map(reference -> SecretStore.builder().unlock(reference).build())
                .orElseGet(SecretStore::standard);
    }

    /**
     * Trust and identity as the profile has them; files are read.
     *
     * @throws ProfileException when one cannot be used
     */
    public Tls tls() {
        Tls.Builder tls = Tls.builder();
        text(ProfileKey.TRUSTSTORE)
                .ifPresent(file -> setting(
                        ProfileKey.TRUSTSTORE,
                        () -> tls.trust(with(Keystore.file(Path.of(file)), ProfileKey.TRUSTSTORE_PASSWORD))));
        if (flag(ProfileKey.TRUST_SYSTEM)) {
            tls.alsoSystemTrust();
        }
        text(ProfileKey.REVOCATION)
                .ifPresent(kind -> setting(ProfileKey.REVOCATION, () -> tls.revocation(revocation(kind))));
        text(ProfileKey.PINS)
                .ifPresent(pins -> setting(ProfileKey.PINS, () -> {
                    String host = Objects.requireNonNull(venue().baseUri().getHost());
                    return tls.pin(host, pins.split("[,\\s]+"));
                }));
        Tls trusting = setting(ProfileKey.TRUSTSTORE, tls::build); // read apart, so that a fault names its key
        return text(ProfileKey.KEYSTORE)
                .map(file -> setting(
                        ProfileKey.KEYSTORE, () -> tls.keystore(identity(file)).build()))
                .orElse(trusting);
    }

    private Keystore identity(String file) {
        boolean token = file.startsWith("pkcs11:");
        Path path = Path.of(token ? file.substring(7) : file);
        Keystore keystore = token
                ? Keystore.token(path, () -> neededPassword(path))
                : text(ProfileKey.KEYSTORE_PASSWORD).isPresent()
                                || text(ProfileKey.UNLOCK).isPresent()
                        ? Keystore.file(path).password(() -> neededPassword(path))
                        : Keystore.file(path);
        Optional<String> keyPassword = text(ProfileKey.KEYSTORE_KEY_PASSWORD);
        if (keyPassword.isPresent()) {
            keystore = keystore.keyPassword(() -> store().resolve(keyPassword.get()));
        }
        Optional<String> keyFile = text(ProfileKey.KEYSTORE_KEY);
        if (keyFile.isPresent()) {
            keystore = keystore.key(Path.of(keyFile.get()));
        }
        Optional<String> alias = text(ProfileKey.KEYSTORE_ALIAS);
        return alias.isPresent() ? keystore.alias(alias.get()) : keystore;
    }

    private Keystore with(Keystore keystore, ProfileKey password) {
        return text(password)
                .map(reference -> keystore.password(() -> setting(password, () -> store().resolve(reference))))
                .orElse(keystore);
    }

    private boolean flag(ProfileKey key) {
        return text(key)
                .map(value -> setting(key, () -> {
                    if (!value.equals("true") && !value.equals("false")) {
                        throw new IllegalArgumentException("wanted true or false");
                    }
                    return value.equals("true");
                }))
                .orElse(false);
    }

    private static Revocation revocation(String kind) {
        return switch (kind) {
            case "none" -> Revocation.NONE;
            case "soft" -> Revocation.SOFT;
            case "hard" -> Revocation.HARD;
            default -> throw new IllegalArgumentException("wanted none, soft or hard");
        };
    }

    private Secret neededPassword(Path file) {
        Secret given = password(ProfileKey.KEYSTORE_PASSWORD);
        return given != null ? given : store().password(file);
    }

    private @Nullable Secret password(ProfileKey key) {
        return text(key)
                .map(reference -> setting(key, () -> store().resolve(reference)))
                .orElse(null);
    }

    /** Still without user and password. */
    private Optional<Proxy> proxy() {
        Optional<String> address = text(ProfileKey.PROXY);
        for (ProfileKey key : List.of(ProfileKey.PROXY_USER, ProfileKey.PROXY_PASSWORD, ProfileKey.NO_PROXY)) {
            if (address.isEmpty() && text(key).isPresent()) {
                throw fault(
                        key.text(),
                        "is of no use without proxy; write for example proxy = \"http://proxy.example:3128\"");
            }
        }
        if (text(ProfileKey.PROXY_USER).isPresent()
                != text(ProfileKey.PROXY_PASSWORD).isPresent()) {
            throw fault(ProfileKey.PROXY.text(), "needs both proxy-user and proxy-password, or neither");
        }
        return address.map(given -> setting(ProfileKey.PROXY, () -> Proxy.at(URI.create(given))))
                .map(proxy -> text(ProfileKey.NO_PROXY)
                        .map(hosts -> setting(ProfileKey.NO_PROXY, () -> proxy.except(hosts.split(",", -1))))
                        .orElse(proxy));
    }

    /** With user and password, which the client wipes. */
    private Proxy loggedOn(VenueClient.Builder client, Proxy proxy) {
        Optional<String> user = text(ProfileKey.PROXY_USER);
        Secret password = password(ProfileKey.PROXY_PASSWORD);
        if (user.isEmpty() || password == null) {
            return proxy;
        }
        client.alsoClose(password);
        return setting(ProfileKey.PROXY_USER, () -> proxy.user(user.get(), password));
    }

    private Optional<NonceSource> nonces(Venue venue) {
        return text(ProfileKey.NONCE_FILE)
                .map(file -> setting(ProfileKey.NONCE_FILE, () -> {
                    NonceUnit unit = switch (venue.nonceRule()) {
                        case INCREASING_MILLIS -> NonceUnit.MILLIS;
                        case INCREASING_MICROS -> NonceUnit.MICROS;
                        case INCREASING_NANOS -> NonceUnit.NANOS;
                        default ->
                            throw new IllegalArgumentException(venue + " has no rising nonce; leave nonce-file out");
                    };
                    Path folder = Path.of(file).toAbsolutePath().getParent();
                    if (folder == null || !Files.isDirectory(folder)) {
                        throw new IllegalArgumentException("its folder does not exist; make it");
                    }
                    return NonceSource.durable(Path.of(file), unit);
                }));
    }

    /**
     * A client with all that the profile says, to which a program may add or change what it likes before it builds it. Reads the secrets;
     * the client wipes them when it is closed.
     *
     * <p>It has a guard when the profile gives permissions, an environment or a table {@code guard}: calls of other groups than the permissions are
     * refused, but for cancels, and so is every host of another environment. A guard that the program sets takes the place of it. Clients made from a profile
     * one by one do not share rolling limits. What the key may do at the venue, {@code intaglio keys check} asks.
     *
     * @throws ProfileException when anything is missing or wrong; the message says which key, from where, and the next step
     */
    public VenueClient.Builder client() {
        Venue venue = venue();
        VenueClient.Builder client = VenueClient.builder(venue);
        for (ProfileKey key : ProfileKey.values()) {
            text(key)
                    .ifPresent(value -> setting(key, () -> {
                        key.apply(client, value);
                        return client;
                    }));
        }
        guard(venue).ifPresent(client::guard);
        if (setting(DRY_RUN, () -> GuardKey.isOn(value(DRY_RUN).orElse("false")))) {
            client.dryRun();
        }
        Tls tls = tls();
        client.tls(tls);
        Optional<Proxy> proxy = proxy().map(given -> loggedOn(client, given));
        proxy.ifPresent(client::proxy);
        nonces(venue).ifPresent(source -> client.nonces(source).alsoClose(source));
        text(ProfileKey.BUDGET_FILE)
                .map(file -> setting(ProfileKey.BUDGET_FILE, () -> Budgets.keptIn(Path.of(file))))
                .ifPresent(budgets -> client.budgets(budgets).alsoClose(budgets));
        Credential credential = credential();
        client.credential(credential).alsoClose(credential);
        oauth(tls, proxy).ifPresent(tokens -> client.tokens(tokens).alsoClose(tokens));
        return client;
    }

    private boolean hasOAuth() {
        return text(ProfileKey.OAUTH_ISSUER)
                .or(() -> text(ProfileKey.OAUTH_TOKEN_URL))
                .isPresent();
    }

    /** Where tokens come from, still without the client's secret. */
    private Optional<OAuth.Builder> oauthSettings() {
        Optional<String> issuer = text(ProfileKey.OAUTH_ISSUER);
        Optional<String> endpoint = text(ProfileKey.OAUTH_TOKEN_URL);
        for (ProfileKey key : List.of(
                ProfileKey.OAUTH_METHOD, ProfileKey.OAUTH_KEY_NAME, ProfileKey.OAUTH_SCOPE, ProfileKey.OAUTH_DPOP)) {
            if (!hasOAuth() && text(key).isPresent()) {
                throw fault(key.text(), "is of no use without oauth-issuer or oauth-token-url");
            }
        }
        if (issuer.isPresent() && endpoint.isPresent()) {
            throw fault(ProfileKey.OAUTH_TOKEN_URL.text(), "is there beside oauth-issuer; leave one of the two out");
        }
        if (!hasOAuth()) {
            return Optional.empty();
        }
        OAuth.Builder oauth = issuer.isPresent()
                ? setting(ProfileKey.OAUTH_ISSUER, () -> OAuth.discovered(URI.create(issuer.get())))
                : setting(ProfileKey.OAUTH_TOKEN_URL, () -> OAuth.at(URI.create(endpoint.orElseThrow())));
        text(ProfileKey.OAUTH_SCOPE).ifPresent(oauth::scope);
        return Optional.of(setting(
                ProfileKey.OAUTH_DPOP, () -> switch (text(ProfileKey.OAUTH_DPOP).orElse("false")) {
                    case "true" -> oauth.dpop();
                    case "false" -> oauth;
                    default -> throw new IllegalArgumentException("wanted true or false");
                }));
    }

    private Optional<OAuth> oauth(Tls tls, Optional<Proxy> proxy) {
        return oauthSettings().map(oauth -> {
            proxy.ifPresent(oauth::proxy);
            return oauth.tls(tls).client(clientAuthentication()).build();
        });
    }

    private ClientAuthentication clientAuthentication() {
        String clientId = needed(ProfileKey.KEY_ID, "key-id = \"the client id\"");
        String method = text(ProfileKey.OAUTH_METHOD).orElse("client_secret_basic");
        if (method.equals("tls_client_auth")) {
            needed(ProfileKey.KEYSTORE, "keystore = \"/etc/desk/client.p12\"");
            return ClientAuthentication.mutualTls(clientId);
        }
        String reference = needed(ProfileKey.SECRET, "secret = \"file:/etc/desk/client.secret\"");
        return switch (method) {
            case "client_secret_basic" ->
                ClientAuthentication.secretBasic(
                        clientId, setting(ProfileKey.SECRET, () -> store().resolve(reference)));
            case "client_secret_post" ->
                ClientAuthentication.secretPost(clientId, setting(ProfileKey.SECRET, () -> store().resolve(reference)));
            case "private_key_jwt" -> {
                SigningKey key = setting(ProfileKey.SECRET, () -> clientKey(reference));
                ClientAuthentication client = setting(
                        ProfileKey.SECRET, () -> ClientAuthentication.privateKeyJwt(clientId, algorithm(key), key));
                yield text(ProfileKey.OAUTH_KEY_NAME).map(client::keyId).orElse(client);
            }
            default ->
                throw fault(
                        ProfileKey.OAUTH_METHOD.text(),
                        "must be client_secret_basic, client_secret_post, private_key_jwt or tls_client_auth");
        };
    }

    private SigningKey clientKey(String reference) {
        SecretStore store = store();
        if (reference.startsWith("pkcs11:")) {
            return Pkcs11Token.key(store, reference);
        }
        try (Secret text = store.resolve(reference)) {
            Optional<String> password = text(ProfileKey.SECRET_PASSWORD);
            return password.isPresent() ? encrypted(store, text, password.get()) : KeyReader.read(text);
        }
    }

    private static JwsAlgorithm algorithm(SigningKey key) {
        return switch (key.kind()) {
            case EC_P256 -> JwsAlgorithm.ES256;
            case EC_P384 -> JwsAlgorithm.ES384;
            case ED25519 -> JwsAlgorithm.EDDSA;
            case RSA -> JwsAlgorithm.PS256;
            default ->
                throw new IllegalArgumentException(
                        "a key for private_key_jwt must be EC on P-256 or P-384, Ed25519 or RSA, but this is "
                                + key.kind());
        };
    }

    private Optional<Guard> guard(Venue venue) {
        Optional<String> environment = text(ProfileKey.ENVIRONMENT);
        boolean isAsked = environment.isPresent()
                || text(ProfileKey.PERMISSIONS).isPresent()
                || values.keySet().stream().anyMatch(key -> key.startsWith(ProfileKey.GUARD + "."));
        if (!isAsked) {
            return Optional.empty();
        }
        GuardPolicy.Builder policy = GuardPolicy.builder()
                .allow(permissions().stream()
                        .map(permission -> Purpose.valueOf(permission.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet()));
        environment.ifPresent(policy::environment);
        for (GuardKey rule : GuardKey.values()) {
            String key = ProfileKey.GUARD + "." + rule.text();
            value(key)
                    .ifPresent(value -> setting(key, () -> {
                        rule.apply(policy, value);
                        return policy;
                    }));
        }
        return Optional.of(policy.build().guard(venue));
    }

    private Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key)).map(Sourced::value);
    }

    /**
     * What keeps the profile from working, without a request: venue, environment, secrets and key, keystores, nonce file. Reads the secrets
     * and wipes them again.
     *
     * @return one sentence a fault; empty when a client can be built
     */
    public List<String> faults() {
        List<String> faults = new ArrayList<>(staticFaults());
        if (faults.isEmpty()) {
            try {
                client().build().close();
            } catch (RuntimeException e) {
                faults.add(String.valueOf(e.getMessage()));
            }
        }
        return faults;
    }

    /** As {@link #faults()}, but without reading a secret or a keystore, or running a command. */
    public List<String> staticFaults() {
        List<String> faults = new ArrayList<>();
        try {
            VenueClient.Builder client = VenueClient.builder(venue());
            needed(ProfileKey.KEY_ID, "key-id = \"the key's public name\"");
            guard(venue());
            Optional<OAuth.Builder> unusedTokens = oauthSettings();
            for (ProfileKey key : ProfileKey.values()) {
                text(key)
                        .ifPresent(value -> setting(key, () -> {
                            key.apply(client, value);
                            return client;
                        }));
            }
            Optional<Proxy> unused = proxy();
        } catch (ProfileException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
        return faults;
    }

    /** The name; no value. */
    @Override
    public String toString() {
        return "Profile[" + name + "]";
    }
}
