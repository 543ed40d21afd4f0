package io.intaglio.client.guard;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.Venue;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which hosts a key of an environment may reach, whatever address client or request carry. */
final class Hosts {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern NUMBERS = Pattern.compile("\\[.*]|[0-9.]+");

    private final URI own;
    private final @Nullable String environment;
    private final Set<String> further;
    private final Map<String, Set<String>> environmentsOf = new HashMap<>();

    Hosts(Venue venue, @Nullable String environment, Set<String> further) {
        this.own = venue.baseUri();
        this.environment = environment;
        this.further = further;
        if (environment != null) {
            venue.environment(environment); // says which there are when there is none of this name
        }
        venue.environments()
                .forEach((name, uri) -> environmentsOf
                        .computeIfAbsent(host(uri), host -> new HashSet<>())
                        .add(name));
    }

    @Nullable
    String refuses(ApiRequest request) {
        URI uri = request.baseUri().orElse(own);
        String host = host(uri);
        if (!"https".equals(uri.getScheme()) && !LOOPBACK.contains(host)) {
            return "address " + uri + " is not https";
        }
        if (!path(uri).equals(path(own))) {
            return "address " + uri + " begins another path than " + own + ", so which call it is cannot be told";
        }
        if (environment == null) {
            return null;
        }
        Set<String> known = environmentsOf.getOrDefault(host, Set.of());
        if (!known.isEmpty()) {
            return known.contains(environment) ? null : locked(host, "belongs to " + String.join(", ", known));
        }
        if (further.contains(host)) {
            return null;
        }
        for (Map.Entry<String, Set<String>> other : environmentsOf.entrySet()) {
            if (!other.getValue().contains(environment) && isOfDomain(host, other.getKey())) {
                return locked(
                        host,
                        "may belong to " + String.join(", ", other.getValue()) + ", as " + other.getKey()
                                + " does; name it in hosts(..) if it does not");
            }
        }
        return host.equals(host(own))
                ? null
                : locked(host, "is not known to belong to it; name it in hosts(..) if it does");
    }

    private String locked(String host, String why) {
        return "this key is for " + environment + ", and " + Shown.of(host) + " " + why;
    }

    private static boolean isOfDomain(String host, String known) {
        if (NUMBERS.matcher(host).matches()) {
            return false;
        }
        int dot = known.lastIndexOf('.', known.lastIndexOf('.') - 1);
        String domain = known.substring(dot + 1);
        return host.equals(domain) || host.endsWith("." + domain);
    }

    /** A dot at the end of a name changes nothing of where it leads. */
    private static String host(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static String path(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
