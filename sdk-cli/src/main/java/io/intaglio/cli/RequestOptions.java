package io.intaglio.cli;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.NonceRule;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A request, a credential and a moment from the command line. */
final class RequestOptions {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "VENUE",
            description = "Name of the venue; 'intaglio venues' lists them.",
            completionCandidates = VenueNames.class)
    private @Nullable String venue;

    @Parameters(index = "1", arity = "0..1", paramLabel = "METHOD", description = "GET, POST, PUT, DELETE.")
    private @Nullable String method;

    @Parameters(index = "2", arity = "0..1", paramLabel = "PATH", description = "Path without host and query.")
    private @Nullable String path;

    @Option(
            names = {"-q", "--query"},
            paramLabel = "NAME=VALUE",
            description = "Query field, not encoded; in order.")
    private List<String> query = List.of();

    @Option(
            names = {"-f", "--form"},
            paramLabel = "NAME=VALUE",
            description = "Form field, not encoded; in order.")
    private List<String> form = List.of();

    @Option(
            names = {"-j", "--member"},
            paramLabel = "NAME=VALUE",
            description = "Member of the JSON body; text, unless the value is written NAME:=JSON.")
    private List<String> members = List.of();

    @Option(
            names = {"-b", "--body"},
            paramLabel = "FILE",
            description = "Body as it is sent, byte for byte; '-' for standard input.")
    private @Nullable Path body;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "Of --body; application/json unless set.")
    private String contentType = "application/json";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME=VALUE",
            description = "Header.")
    private List<String> headers = List.of();

    @Option(
            names = {"-a", "--attribute"},
            paramLabel = "NAME=VALUE",
            description = "A value for the scheme, such as recvWindow=5000.")
    private List<String> attributes = List.of();

    @Option(
            names = "--request",
            paramLabel = "FILE",
            description = {
                "The request as JSON instead: {\"venue\",\"method\",\"path\",\"query\":[[n,v]],\"form\":[[n,v]],",
                "\"json\":{},\"headers\":{},\"attributes\":{},\"baseUrl\"}."
            })
    private @Nullable Path request;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description = "Where it goes; the venue's own address unless set.")
    private @Nullable URI baseUrl;

    @Option(names = "--key-id", paramLabel = "ID", description = "The key's public name, as the venue gave it.")
    private String keyId = "none";

    @Option(
            names = "--secret",
            paramLabel = "REF",
            description = "The secret or private key: env:NAME or file:PATH (owner-only).")
    private @Nullable String secret;

    @Option(
            names = "--with",
            paramLabel = "NAME=REF",
            description = "A further secret value, such as passphrase=env:OKX_PASSPHRASE.")
    private List<String> secrets = List.of();

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A further value of the credential that is not secret.")
    private List<String> values = List.of();

    @Option(names = "--time", paramLabel = "TIME", description = "ISO time or UNIX milliseconds; now unless set.")
    private @Nullable String time;

    @Option(names = "--nonce", paramLabel = "NONCE", description = "Made by the venue's rule unless set.")
    private @Nullable String nonce;

    @Option(names = "--public", description = "Send nothing that authenticates.")
    private boolean isPublic;

    /** Names for the shell's completion. */
    static final class VenueNames implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return Venues.all().stream().map(Venue::name).iterator();
        }
    }

    Venue venue() {
        String name = request == null ? venue : text(Json.object(request), "venue", venue);
        if (name == null) {
            throw new UsageException("name a venue, a method and a path, or give --request FILE");
        }
        return Venues.named(name);
    }

    ApiRequest request() {
        ApiRequest built = request == null ? fromOptions() : fromFile(Json.object(request));
        if (built.baseUri().isEmpty()) {
            built = built.baseUri(baseUrl == null ? venue().baseUri() : baseUrl);
        }
        return isPublic ? built.access(Access.PUBLIC) : built;
    }

    private ApiRequest fromOptions() {
        if (method == null || path == null) {
            throw new UsageException("name a method and a path after the venue");
        }
        ApiRequest built = ApiRequest.of(method, path);
        for (String field : query) {
            built = built.query(name(field), value(field));
        }
        for (String field : form) {
            built = built.form(name(field), value(field));
        }
        for (String member : members) {
            int typed = member.indexOf(":=");
            int equal = member.indexOf('=');
            built = typed > 0 && typed < equal
                    ? built.json(
                            member.substring(0, typed),
                            Json.value(member.substring(typed + 2), "value of member " + member.substring(0, typed)))
                    : built.json(name(member), value(member));
        }
        if (body != null) {
            built = built.body(Body.text(Files.text(body), contentType));
        }
        for (String header : headers) {
            built = built.header(name(header), value(header));
        }
        for (String attribute : attributes) {
            built = built.attribute(name(attribute), value(attribute));
        }
        return built;
    }

    private static ApiRequest fromFile(Map<?, ?> json) {
        String method = text(json, "method", null);
        String path = text(json, "path", null);
        if (method == null || path == null) {
            throw new IllegalArgumentException("the request file must have 'method' and 'path'");
        }
        ApiRequest built = ApiRequest.of(method, path);
        for (Object pair : list(json.get("query"))) {
            built = built.query(item(pair, 0), item(pair, 1));
        }
        for (Object pair : list(json.get("form"))) {
            built = built.form(item(pair, 0), item(pair, 1));
        }
        Object body = json.get("json");
        if (body != null) {
            built = built.body(Body.json(body));
        }
        String raw = text(json, "body", null);
        if (raw != null) {
            built = built.body(Body.text(raw, "application/json"));
        }
        for (Map.Entry<?, ?> header : map(json.get("headers")).entrySet()) {
            built = built.header(String.valueOf(header.getKey()), String.valueOf(header.getValue()));
        }
        for (Map.Entry<?, ?> attribute : map(json.get("attributes")).entrySet()) {
            built = built.attribute(String.valueOf(attribute.getKey()), String.valueOf(attribute.getValue()));
        }
        String base = text(json, "baseUrl", null);
        return base == null ? built : built.baseUri(URI.create(base));
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String item(@Nullable Object pair, int index) {
        if (pair instanceof List<?> list && list.size() == 2) {
            return String.valueOf(list.get(index));
        }
        throw new IllegalArgumentException("fields in the request file are pairs: [[\"name\",\"value\"]]");
    }

    private static @Nullable String text(Map<?, ?> json, String name, @Nullable String otherwise) {
        return json.get(name) instanceof String text ? text : otherwise;
    }

    Credential credential() {
        Credential credential = secret == null ? Credential.keyId(keyId) : venue().credential(keyId, secret(secret));
        for (String named : secrets) {
            credential = credential.with(name(named), secret(value(named)));
        }
        for (String named : values) {
            credential = credential.with(name(named), value(named));
        }
        return credential;
    }

    /** What else a mistaken client may have made of the secret, see {@link SecretMistakes}. */
    Map<String, Credential> mistakes(Credential credential) {
        return secret == null ? Map.of() : SecretMistakes.of(venue(), credential, secret(secret));
    }

    static Secret secret(String reference) {
        if (reference.startsWith("env:")) {
            return Secret.fromEnv(reference.substring(4));
        }
        if (reference.startsWith("file:")) {
            return Secret.fromFile(Path.of(reference.substring(5)));
        }
        throw new UsageException("a secret is given by reference, env:NAME or file:PATH, never as an argument");
    }

    Moment moment() {
        Instant at = time == null ? VenueClock.system().now() : instant(time);
        NonceRule rule = venue().nonceRule();
        String value = nonce != null || rule == NonceRule.NONE
                ? nonce
                : rule.newSource().next(at);
        return value == null ? Moment.at(at) : Moment.of(at, value);
    }

    private static Instant instant(String text) {
        try {
            return text.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? Instant.ofEpochMilli(Long.parseLong(text))
                    : Instant.parse(text);
        } catch (DateTimeException | NumberFormatException e) {
            throw new UsageException("--time takes UNIX milliseconds or a time such as 2026-03-01T12:00:00.123Z");
        }
    }

    private static String name(String pair) {
        int equal = pair.indexOf('=');
        if (equal < 1) {
            throw new UsageException("'" + pair.replaceAll("[^ -~]", "?") + "' should be NAME=VALUE");
        }
        return pair.substring(0, equal);
    }

    private static String value(String pair) {
        return pair.substring(pair.indexOf('=') + 1);
    }
}
