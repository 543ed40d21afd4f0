package io.intaglio.client;

import io.intaglio.client.internal.http.Addresses;
import io.intaglio.client.internal.http.ProxyServer;
import io.intaglio.client.internal.proxy.ProxyServers;
import io.intaglio.signing.secret.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between a client and its venue. It makes a tunnel to the venue, whose name it looks up itself; TLS is with the venue, through the
 * tunnel, so the proxy sees the venue's name and the number of bytes, and the venue never sees the proxy's user and password. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * Proxy.http("proxy.desk.example", 3128).user("desk", Secret.fromEnv("PROXY_PASSWORD")).except("localhost", ".internal", "10.0.0.0/8")
 * }</pre>
 *
 * <p>The properties and variables by which a JVM or a system names proxies ({@code https.proxyHost}, {@code socksProxyHost},
 * {@code HTTPS_PROXY}) are not read: where requests with a signature go is said in one place.
 */
public final class Proxy {
    private final ProxyServer.Kind kind;
    private final String host;
    private final int port;
    private final @Nullable String user;
    private final @Nullable Secret password;
    private final List<String> exceptions;
    private final List<Predicate<String>> excepted;

    private Proxy(
            ProxyServer.Kind kind,
            String host,
            int port,
            @Nullable String user,
            @Nullable Secret password,
            List<String> exceptions) {
        this.kind = kind;
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
        this.exceptions = List.copyOf(exceptions);
        this.excepted = this.exceptions.stream().map(Proxy::rule).toList();
    }

    /**
     * A proxy that makes tunnels by the method CONNECT of HTTP (RFC 9110, section 9.3.6). It is itself spoken to in plain HTTP.
     *
     * @throws IllegalArgumentException when host or port cannot be one
     */
    public static Proxy http(String host, int port) {
        return of(ProxyServer.Kind.HTTP, host, port);
    }

    /**
     * A proxy that makes tunnels by SOCKS version 5 (RFC 1928).
     *
     * @throws IllegalArgumentException when host or port cannot be one
     */
    public static Proxy socks5(String host, int port) {
        return of(ProxyServer.Kind.SOCKS5, host, port);
    }

    /**
     * The proxy at an address such as {@code http://proxy.desk.example:3128} or {@code socks5://10.0.0.7:1080}.
     *
     * @throws IllegalArgumentException when it is not such an address, or holds a user or password
     */
    public static Proxy at(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        boolean isKnown = scheme.equals("http") || scheme.equals("socks5");
        if (address.getRawAuthority() != null && address.getRawAuthority().contains("@")) {
            throw new IllegalArgumentException(
                    "the address of a proxy must hold neither user nor password; give them by"
                            + " Proxy.user(..), or as proxy-user and proxy-password in a profile");
        }
        String path = address.getRawPath();
        boolean isBare = path == null || path.isEmpty() || path.equals("/");
        if (!isKnown
                || address.getHost() == null
                || address.getPort() < 0
                || !isBare
                || address.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "wanted the address of a proxy, such as http://proxy.example:3128 or socks5://proxy.example:1080");
        }
        return scheme.equals("http")
                ? http(address.getHost(), address.getPort())
                : socks5(address.getHost(), address.getPort());
    }

    private static Proxy of(ProxyServer.Kind kind, String host, int port) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (Addresses.literal(bare) == null && !isName(bare)) {
            throw new IllegalArgumentException(
                    "the host of a proxy must be a name or an address, such as proxy.example");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("the port of a proxy must be from 1 to 65535, was " + port);
        }
        return new Proxy(kind, bare, port, null, null, List.of());
    }

    private static boolean isName(String text) {
        return text.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");
    }

    /**
     * The same with a user and a password: Basic authentication (RFC 7617) to an HTTP proxy, RFC 1929 to SOCKS5. Both go to the proxy as they
     * are, so the way to it has to be one that you trust. The proxy keeps the password and does not close it.
     *
     * @throws IllegalArgumentException when the name cannot be a user
     */
    public Proxy user(String name, Secret newPassword) {
        boolean hasControls = name.chars().anyMatch(c -> c < 32 || c == 127);
        if (name.isEmpty() || hasControls || kind == ProxyServer.Kind.HTTP && name.contains(":")) {
            throw new IllegalArgumentException(
                    "the user of a proxy must not be empty and hold neither control characters nor, for HTTP, a colon");
        }
        return new Proxy(kind, host, port, name, Objects.requireNonNull(newPassword, "newPassword"), exceptions);
    }

    /**
     * The same, but these hosts are connected to directly, besides those that were excepted before.
     *
     * @param hosts a host ({@code localhost}), all hosts below a name but not the name itself ({@code .example.com}), an address
     *     ({@code 127.0.0.1}, {@code ::1}) or a network ({@code 10.0.0.0/8}, {@code fd00::/8}). Addresses and networks are compared with hosts that
     *     are written as addresses: no name is looked up for it
     * @throws IllegalArgumentException when one is none of these
     */
    public Proxy except(String... hosts) {
        List<String> all = new ArrayList<>(exceptions);
        all.addAll(List.of(hosts));
        return new Proxy(kind, host, port, user, password, all);
    }

    /** Whether a host is connected to without this proxy. */
    public boolean excepts(String hostOrAddress) {
        return excepted.stream().anyMatch(rule -> rule.test(hostOrAddress));
    }

    private static Predicate<String> rule(String text) {
        String rule = text.strip().toLowerCase(Locale.ROOT);
        InetAddress address = Addresses.literal(rule);
        if (address != null) {
            return candidate -> address.equals(Addresses.literal(candidate));
        }
        int slash = rule.indexOf('/');
        if (slash >= 0) {
            return network(rule, slash);
        }
        if (!isName(rule.startsWith(".") ? rule.substring(1) : rule)) {
            throw new IllegalArgumentException(
                    "an exception from a proxy must be a host, .domain, address or network such as"
                            + " 10.0.0.0/8, was '" + text + "'");
        }
        return rule.startsWith(".")
                ? candidate -> withoutDot(candidate).endsWith(rule)
                        && withoutDot(candidate).length() > rule.length()
                : candidate -> withoutDot(candidate).equals(rule);
    }

    /** A name in small letters, without the dot that may stand at its end. */
    private static String withoutDot(String name) {
        String small = name.toLowerCase(Locale.ROOT);
        return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
    }

    private static Predicate<String> network(String rule, int slash) {
        InetAddress network = Addresses.literal(rule.substring(0, slash));
        String length = rule.substring(slash + 1);
        if (network == null
                || !length.matches("\\d{1,3}")
                || Integer.parseInt(length) > network.getAddress().length * 8) {
            throw new IllegalArgumentException(
                    "a network must be written such as 10.0.0.0/8 or fd00::/8, was '" + rule + "'");
        }
        byte[] wanted = network.getAddress();
        int bits = Integer.parseInt(length);
        return candidate -> {
            InetAddress address = Addresses.literal(candidate);
            return address != null && sharesBits(wanted, address.getAddress(), bits);
        };
    }

    private static boolean sharesBits(byte[] wanted, byte[] seen, int bits) {
        if (wanted.length != seen.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((wanted[bit >> 3] ^ seen[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Kind, host and port, such as {@code http://proxy.example:3128} or {@code socks5://[::1]:1080}. */
    public URI address() {
        String written = host.contains(":") ? "[" + host + "]" : host;
        return URI.create((kind == ProxyServer.Kind.HTTP ? "http" : "socks5") + "://" + written + ":" + port);
    }

    /** Who we are to the proxy; empty when it does not ask. */
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /** The password that was given to {@link #user(String, Secret)}, not a copy, for those who open connections of their own. */
    public Optional<Secret> password() {
        return Optional.ofNullable(password);
    }

    /** Kind, host and port; neither user nor password. */
    @Override
    public String toString() {
        return "Proxy[" + ProxyServers.of(this) + "]";
    }
}
