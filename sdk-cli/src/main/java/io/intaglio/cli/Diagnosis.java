package io.intaglio.cli;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.venue.Venue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Why a venue refuses a signature: signs again what was sent, with the time and nonce that were sent, and looks for what differs. When the
 * signature itself differs it tries the usual mistakes one by one; the one that makes the very signature that was sent is the answer.
 */
final class Diagnosis {
    /** The scheme adds these names to any request; what the caller asked is the rest. */
    private record Added(Set<String> headers, Set<String> fields) {}

    private record Trial(SignedRequest signed, Moment moment, List<String> differences) {}

    private static final Set<String> SIGNATURE_NAMES = Set.of("signature", "sign", "sig");

    private final Venue venue;
    private final @Nullable Credential credential;
    private final Sent sent;
    private final List<String> findings = new ArrayList<>();
    private @Nullable Trial best;

    private Diagnosis(Venue venue, @Nullable Credential credential, Sent sent) {
        this.venue = venue;
        this.credential = credential;
        this.sent = sent;
    }

    /**
     * Looks at a request that was sent.
     *
     * @param mistakes further credentials to try, by what the mistake would be: the secret decoded in another way
     */
    static Diagnosis of(Venue venue, Credential credential, Map<String, Credential> mistakes, Sent sent) {
        Diagnosis diagnosis = new Diagnosis(venue, credential, sent);
        diagnosis.run(mistakes);
        return diagnosis;
    }

    /** What was found, most telling first; empty when the request is as we would send it. */
    List<String> findings() {
        return findings;
    }

    /** Whether the request carries the signature that the key makes. */
    boolean signatureMatches() {
        return best != null && best.differences.isEmpty();
    }

    /** What we would have signed at that time, when the request could be signed. */
    Optional<byte[]> preHash() {
        return Optional.ofNullable(best).map(trial -> trial.signed.preHash());
    }

    private void run(Map<String, Credential> mistakes) {
        Added added = added();
        ApiRequest asked = asked(added, sent.queryFields(), sent.body());
        best = bestTrial(asked, credential, added);
        Trial found = best;
        if (found == null) {
            findings.add("nothing that was sent can be read as a time; the scheme needs one, give it with --time");
            return;
        }
        if (found.differences.isEmpty()) {
            return;
        }
        String cause = cause(asked, added, mistakes);
        if (cause != null) {
            findings.add(cause);
        }
        findings.addAll(found.differences);
    }

    private Credential key() {
        return credential == null ? Credential.keyId("none") : credential;
    }

    // ---- what the scheme adds, and what the caller asked

    private Added added() {
        ApiRequest empty = ApiRequest.of(need(sent.method()), sent.rawPath()).baseUri(base());
        String body = sent.body();
        if (body != null && !body.isEmpty()) {
            empty = empty.body(isJson(body) ? Body.json(Map.of()) : Body.form(List.of()));
        }
        SignedRequest signed = sign(empty, key(), Moment.of(Instant.EPOCH.plusSeconds(1_700_000_000), "1700000000000"));
        Set<String> headers = new LinkedHashSet<>();
        Set<String> fields = new LinkedHashSet<>();
        if (signed != null) {
            signed.headers().forEach(header -> headers.add(header.name().toLowerCase(Locale.ROOT)));
            headers.remove("content-type");
            int query = signed.target().indexOf('?');
            if (query >= 0) {
                Sent.fields(signed.target().substring(query + 1)).forEach(field -> fields.add(field.name()));
            }
            if (isJson(signed.bodyText())) {
                Object value = Json.value(signed.bodyText(), "body");
                if (value instanceof Map<?, ?> members) {
                    members.keySet().forEach(name -> fields.add(String.valueOf(name)));
                }
            } else {
                Sent.fields(signed.bodyText()).forEach(field -> fields.add(field.name()));
            }
        }
        return new Added(headers, fields);
    }

    private java.net.URI base() {
        return sent.origin().orElse(venue.baseUri());
    }

    private ApiRequest asked(Added added, List<Field> query, @Nullable String body) {
        ApiRequest request = ApiRequest.of(need(sent.method()), sent.rawPath()).baseUri(base());
        for (Field field : query) {
            if (!added.fields.contains(field.name())) {
                request = request.query(field.name(), field.value());
            }
        }
        if (body == null || body.isEmpty()) {
            return request;
        }
        if (isJson(body)) {
            Object value = Json.value(body, "the body that was sent");
            boolean plain = !(value instanceof Map<?, ?> members)
                    || members.keySet().stream().noneMatch(name -> added.fields.contains(String.valueOf(name)));
            if (plain) {
                return request.body(Body.text(body, "application/json"));
            }
            Map<String, @Nullable Object> kept = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((name, member) -> {
                if (!added.fields.contains(String.valueOf(name))) {
                    kept.put(String.valueOf(name), member);
                }
            });
            return request.body(Body.json(kept));
        }
        List<Field> form = new ArrayList<>(Sent.fields(body));
        form.removeIf(field -> added.fields.contains(field.name()));
        return request.body(Body.form(form));
    }

    // ---- the moment

    private @Nullable Trial bestTrial(ApiRequest asked, @Nullable Credential with, Added added) {
        Trial closest = null;
        for (Moment moment : moments(added)) {
            SignedRequest signed = sign(asked, with == null ? key() : with, moment);
            if (signed != null) {
                Trial trial = new Trial(signed, moment, differences(signed, added));
                if (closest == null || trial.differences.size() < closest.differences.size()) {
                    closest = trial;
                }
            }
        }
        return closest;
    }

    /** Every pairing of a time and a nonce among what was sent. */
    private List<Moment> moments(Added added) {
        Set<String> values = new LinkedHashSet<>();
        sent.headers().stream()
                .filter(header -> added.headers.contains(header.name().toLowerCase(Locale.ROOT)))
                .forEach(header -> values.add(header.value()));
        sent.queryFields().stream()
                .filter(field -> added.fields.contains(field.name()))
                .forEach(field -> values.add(field.value()));
        String body = sent.body();
        if (body != null) {
            if (isJson(body)) {
                if (Json.value(body, "the body that was sent") instanceof Map<?, ?> members) {
                    members.forEach((name, value) -> {
                        if (added.fields.contains(String.valueOf(name))) {
                            values.add(String.valueOf(value));
                        }
                    });
                }
            } else {
                Sent.fields(body).stream()
                        .filter(field -> added.fields.contains(field.name()))
                        .forEach(field -> values.add(field.value()));
            }
        }
        sent.headers().forEach(header -> tokenClaims(header.value(), values));
        List<Instant> times = new ArrayList<>();
        values.forEach(value -> time(value).ifPresent(times::add));
        if (times.isEmpty()) {
            times.add(Instant.EPOCH.plusSeconds(1_700_000_000)); // a scheme without a time
        }
        List<Moment> moments = new ArrayList<>();
        for (Instant time : times) {
            moments.add(Moment.at(time));
            values.stream().filter(value -> value.length() <= 64).forEach(value -> moments.add(Moment.of(time, value)));
        }
        return moments;
    }

    private static void tokenClaims(String header, Set<String> values) {
        String[] segments = header.replaceFirst("^Bearer ", "").split("\\.", -1);
        if (segments.length != 3) {
            return;
        }
        for (int i = 0; i < 2; i++) {
            try {
                String json = new String(Base64.getUrlDecoder().decode(segments[i]), StandardCharsets.UTF_8);
                if (Json.value(json, "token") instanceof Map<?, ?> claims) {
                    claims.values().forEach(value -> values.add(String.valueOf(value)));
                }
            } catch (IllegalArgumentException notAToken) {
                return;
            }
        }
    }

    private static Optional<Instant> time(String value) {
        try {
            if (value.matches("[0-9]{10}(\\.[0-9]+)?|[0-9]{13}|[0-9]{16}|[0-9]{19}")) {
                int whole = value.indexOf('.') < 0 ? value.length() : value.indexOf('.');
                BigDecimal seconds = new BigDecimal(value).movePointLeft(whole == 10 ? 0 : whole - 10);
                return Optional.of(Instant.ofEpochSecond(
                        seconds.longValue(),
                        seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue()));
            }
            if (value.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T.*")) {
                return Optional.of(Instant.from(DateTimeFormatter.ISO_DATE_TIME
                        .withZone(java.time.ZoneOffset.UTC)
                        .parse(value)));
            }
        } catch (DateTimeException | ArithmeticException notATime) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    // ---- comparing

    private List<String> differences(SignedRequest signed, Added added) {
        List<String> found = new ArrayList<>();
        for (Field header : signed.headers()) {
            String name = header.name();
            if (added.headers.contains(name.toLowerCase(Locale.ROOT))) {
                Optional<String> theirs = sent.header(name);
                if (theirs.isEmpty()) {
                    found.add("header " + name + " is missing");
                } else if (!theirs.get().equals(header.value())) {
                    found.add("header " + name + " differs: sent " + shown(theirs.get()) + ", expected "
                            + shown(header.value()));
                }
            }
        }
        int query = signed.target().indexOf('?');
        String ourQuery = query < 0 ? "" : signed.target().substring(query + 1);
        compareFields("query", sent.rawQuery(), ourQuery, found);
        String body = sent.body() == null ? "" : need(sent.body());
        if (!body.equals(signed.bodyText())) {
            if (isJson(body)) {
                found.add("body differs: sent " + shown(body) + ", expected " + shown(signed.bodyText()));
            } else {
                compareFields("body", body, signed.bodyText(), found);
            }
        }
        return found;
    }

    private void compareFields(String where, String theirs, String ours, List<String> found) {
        if (theirs.equals(ours)) {
            return;
        }
        List<Field> left = Sent.fields(theirs);
        List<Field> right = Sent.fields(ours);
        if (left.equals(right)) {
            found.add(where + " is encoded differently: sent " + shown(theirs) + ", expected " + shown(ours));
            return;
        }
        if (Set.copyOf(left).equals(Set.copyOf(right))) {
            found.add(where + " fields are in another order: sent " + names(left) + ", expected " + names(right));
            return;
        }
        for (Field field : right) {
            if (!left.contains(field)) {
                Optional<String> other = left.stream()
                        .filter(candidate -> candidate.name().equals(field.name()))
                        .map(Field::value)
                        .findFirst();
                found.add(where + " field " + field.name()
                        + (other.isEmpty()
                                ? " is missing"
                                : " differs: sent " + shown(other.get()) + ", expected " + shown(field.value())));
            }
        }
    }

    private static List<String> names(List<Field> fields) {
        return fields.stream().map(Field::name).toList();
    }

    // ---- the usual mistakes

    private @Nullable String cause(ApiRequest asked, Added added, Map<String, Credential> mistakes) {
        for (Map.Entry<String, Credential> mistake : mistakes.entrySet()) {
            if (matches(asked, mistake.getValue(), added)) {
                return mistake.getKey();
            }
        }
        for (Map.Entry<String, ApiRequest> variant : variants(asked, added).entrySet()) {
            Trial trial = best;
            if (trial != null
                    && signatureOf(variant.getValue(), trial.moment)
                            .filter(this::wasSent)
                            .isPresent()) {
                return variant.getKey();
            }
        }
        Trial trial = best;
        if (trial != null) {
            for (Map.Entry<String, Moment> variant : otherMoments(trial.moment).entrySet()) {
                if (signatureOf(asked, variant.getValue()).filter(this::wasSent).isPresent()) {
                    return variant.getKey();
                }
            }
        }
        return null;
    }

    private boolean matches(ApiRequest asked, Credential with, Added added) {
        for (Moment moment : moments(added)) {
            SignedRequest signed = sign(asked, with, moment);
            if (signed != null && signed.signature().filter(this::wasSent).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private Optional<String> signatureOf(ApiRequest request, Moment moment) {
        SignedRequest signed = sign(request, key(), moment);
        return signed == null ? Optional.empty() : signed.signature();
    }

    /** Anywhere among what was sent, also in upper case or percent-encoded. */
    private boolean wasSent(String signature) {
        String all = sent.text();
        return all.contains(signature)
                || all.contains(signature.toUpperCase(Locale.ROOT))
                || all.contains(java.net.URLEncoder.encode(signature, StandardCharsets.UTF_8));
    }

    /** The request as it may have been signed by mistake, by what the mistake was. */
    private Map<String, ApiRequest> variants(ApiRequest asked, Added added) {
        Map<String, ApiRequest> variants = new LinkedHashMap<>();
        List<Field> query = new ArrayList<>(sent.queryFields());
        String body = sent.body();
        if (!asked.query().isEmpty()) {
            variants.put(
                    "the query was left out of what was signed; this venue signs it", asked(added, List.of(), body));
            variants.put(
                    "what was signed has the query sorted by name, what was sent has not; sign the order that is sent",
                    sortedQuery(asked, query));
        }
        if (body != null && !body.isEmpty()) {
            variants.put("the body was left out of what was signed; this venue signs it", asked(added, query, null));
            if (isJson(body)) {
                Object value = Json.value(body, "the body that was sent");
                variants.put(
                        "the body was serialised again after signing: compact JSON was signed, other text was sent; "
                                + "sign the bytes that are sent",
                        asked.body(Body.text(Reserialised.compact(value), "application/json")));
                variants.put(
                        "the body was serialised again after signing: JSON with blanks after ':' and ',' was signed; "
                                + "sign the bytes that are sent",
                        asked.body(Body.text(Reserialised.spaced(value), "application/json")));
                variants.put(
                        "the body was serialised again after signing: members were sorted; sign the bytes that are sent",
                        asked.body(Body.text(Reserialised.sorted(value), "application/json")));
            } else {
                variants.put(
                        "what was signed has the form sorted by name, what was sent has not; sign the order that is sent",
                        asked.body(Body.form(sorted(Sent.fields(body)))));
            }
        }
        return variants;
    }

    private ApiRequest sortedQuery(ApiRequest asked, List<Field> query) {
        ApiRequest request =
                ApiRequest.of(asked.method(), asked.path()).baseUri(base()).body(asked.body());
        for (Field field : sorted(query)) {
            request = request.query(field.name(), field.value());
        }
        return request;
    }

    /** With the time and whatever else was stamped, but without the signature, which cannot have been signed. */
    private static List<Field> sorted(List<Field> fields) {
        List<Field> sorted = new ArrayList<>(fields);
        sorted.removeIf(field -> SIGNATURE_NAMES.contains(field.name().toLowerCase(Locale.ROOT)));
        sorted.sort(Comparator.comparing(Field::name));
        return sorted;
    }

    private static Map<String, Moment> otherMoments(Moment moment) {
        Map<String, Moment> others = new LinkedHashMap<>();
        Instant time = moment.timestamp();
        String nonce = moment.nonce().orElse(null);
        put(
                others,
                "the time was signed in seconds but sent in milliseconds; use one text for both",
                Instant.ofEpochMilli(time.getEpochSecond()),
                nonce);
        put(
                others,
                "the time was signed in milliseconds but sent in seconds; use one text for both",
                Instant.ofEpochSecond(time.toEpochMilli()),
                nonce);
        put(
                others,
                "the time was taken twice, once for the text and once for the header; take it once",
                time.plusMillis(1),
                nonce);
        put(
                others,
                "the time was taken twice, once for the text and once for the header; take it once (1 ms apart)",
                time.minusMillis(1),
                nonce);
        return others;
    }

    private static void put(Map<String, Moment> moments, String why, Instant time, @Nullable String nonce) {
        moments.put(why, nonce == null ? Moment.at(time) : Moment.of(time, nonce));
    }

    private @Nullable SignedRequest sign(ApiRequest request, Credential with, Moment moment) {
        try {
            return venue.scheme().sign(request, with, moment);
        } catch (SigningException | IllegalArgumentException doesNotFit) {
            return null;
        }
    }

    private static boolean isJson(String text) {
        String stripped = text.stripLeading();
        if (!stripped.startsWith("{") && !stripped.startsWith("[")) {
            return false;
        }
        try {
            Json.value(text, "body");
            return true;
        } catch (IllegalArgumentException | JacksonException notJson) {
            return false;
        }
    }

    /** Enough of a value to recognise it; it may be a signature. */
    static String shown(String value) {
        String printable = Explanation.show(value.getBytes(StandardCharsets.UTF_8));
        return "'"
                + (printable.length() > 60
                        ? printable.substring(0, 24) + "... (" + value.length() + " characters)"
                        : printable)
                + "'";
    }

    private static String need(@Nullable String value) {
        if (value == null) {
            throw new UsageException("what was sent is no request; give a curl command or an HTTP message");
        }
        return value;
    }
}
