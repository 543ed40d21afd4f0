package io.intaglio.client.profile;

import io.intaglio.client.AddressFamily;
import io.intaglio.client.VenueClient;
import io.intaglio.client.internal.http.Addresses;
import java.net.InetAddress;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of a profile. A setting of the client that stands alone is one line here. */
enum ProfileKey {
    VENUE("venue", Form.PLAIN),
    ENVIRONMENT("environment", Form.PLAIN),
    BASE_URI("base-uri", Form.PLAIN),
    KEY_ID("key-id", Form.SHORTENED),
    SECRET("secret", Form.REFERENCE),
    SECRET_PASSWORD("secret-password", Form.REFERENCE),
    PASSPHRASE("passphrase", Form.REFERENCE),
    UNLOCK("unlock", Form.REFERENCE),
    KEYSTORE("keystore", Form.PLAIN),
    KEYSTORE_PASSWORD("keystore-password", Form.REFERENCE),
    KEYSTORE_ALIAS("keystore-alias", Form.PLAIN),
    KEYSTORE_KEY("keystore-key", Form.PLAIN),
    KEYSTORE_KEY_PASSWORD("keystore-key-password", Form.REFERENCE),
    TRUSTSTORE("truststore", Form.PLAIN),
    TRUSTSTORE_PASSWORD("truststore-password", Form.REFERENCE),
    TRUST_SYSTEM("trust-system", Form.PLAIN),
    REVOCATION("revocation", Form.PLAIN),
    PINS("pins", Form.PLAIN),
    OAUTH_ISSUER("oauth-issuer", Form.PLAIN),
    OAUTH_TOKEN_URL("oauth-token-url", Form.PLAIN),
    OAUTH_METHOD("oauth-method", Form.PLAIN),
    OAUTH_KEY_NAME("oauth-key-name", Form.PLAIN),
    OAUTH_SCOPE("oauth-scope", Form.PLAIN),
    OAUTH_DPOP("oauth-dpop", Form.PLAIN),
    PERMISSIONS("permissions", Form.PLAIN),
    NONCE_FILE("nonce-file", Form.PLAIN),
    BUDGET_FILE("budget-file", Form.PLAIN),
    PROXY("proxy", Form.PLAIN),
    PROXY_USER("proxy-user", Form.PLAIN),
    PROXY_PASSWORD("proxy-password", Form.REFERENCE),
    NO_PROXY("no-proxy", Form.PLAIN),
    LOCAL_ADDRESS("local-address", Form.PLAIN, (client, text) -> client.localAddress(address(text))),
    ADDRESS_FAMILY("address-family", Form.PLAIN, (client, text) -> client.addressFamily(family(text))),
    TIME_LIMIT("time-limit", Form.PLAIN, (client, text) -> client.timeLimit(duration(text))),
    CONNECT_TIMEOUT("connect-timeout", Form.PLAIN, (client, text) -> client.connectTimeout(duration(text))),
    RESPONSE_TIMEOUT("response-timeout", Form.PLAIN, (client, text) -> client.responseTimeout(duration(text))),
    CONNECTION_MAX_AGE("connection-max-age", Form.PLAIN, (client, text) -> client.connectionMaxAge(duration(text))),
    MAX_CONNECTIONS("max-connections", Form.PLAIN, (client, text) -> client.maxConnections(number(text)));

    /** How a value is shown. */
    enum Form {
        PLAIN,
        SHORTENED,
        REFERENCE
    }

    /** Tables of named values beside the keys: not secret, and secret by reference. */
    static final String ATTRIBUTES = "attributes";

    static final String SECRETS = "secrets";

    /** What share of a venue's rate limits is this client's, by the limit's name. */
    static final String LIMITS = "limits";

    /** What the key may be used for; see {@link GuardKey}. */
    static final String GUARD = "guard";

    static final List<String> TABLES = List.of(ATTRIBUTES, SECRETS, LIMITS, GUARD);

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9}) ?(ms|s|m|h)");

    private final String text;
    private final Form form;

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above hold nothing
    private final BiConsumer<VenueClient.Builder, String> apply;

    ProfileKey(String text, Form form) {
        this(text, form, (client, value) -> {});
    }

    ProfileKey(String text, Form form, BiConsumer<VenueClient.Builder, String> apply) {
        this.text = text;
        this.form = form;
        this.apply = apply;
    }

    String text() {
        return text;
    }

    Form form() {
        return form;
    }

    /** Puts the value into the client's settings; throws {@link IllegalArgumentException} when it does not fit. */
    void apply(VenueClient.Builder client, String value) {
        apply.accept(client, value);
    }

    static Optional<ProfileKey> of(String text) {
        return Arrays.stream(values()).filter(key -> key.text.equals(text)).findFirst();
    }

    static List<String> texts() {
        return Arrays.stream(values()).map(ProfileKey::text).toList();
    }

    static Duration duration(String text) {
        Matcher shortForm = SHORT_DURATION.matcher(text);
        if (shortForm.matches()) {
            long count = Long.parseLong(shortForm.group(1));
            return switch (shortForm.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofHours(count);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("wanted a duration such as 500ms, 10s, 2m or PT1M30S", e);
        }
    }

    private static InetAddress address(String text) {
        InetAddress address = Addresses.literal(text);
        if (address == null) {
            throw new IllegalArgumentException("wanted an address of this host, such as 10.0.0.7");
        }
        return address;
    }

    private static AddressFamily family(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "ipv4" -> AddressFamily.IPV4;
            case "ipv6" -> AddressFamily.IPV6;
            case "any" -> AddressFamily.ANY;
            default -> throw new IllegalArgumentException("wanted ipv4, ipv6 or any");
        };
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("wanted a whole number", e);
        }
    }
}
