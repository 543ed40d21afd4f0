package io.intaglio.signing.scheme;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Logon;
import io.intaglio.signing.LogonRequest;
import io.intaglio.signing.LogonScheme;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SigningException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log-on made of parts. The caller's fields stand where the members of a JSON body would, so a scheme stamps, signs and attaches with
 * {@link Places#jsonField}, and reads a field with {@link Parts#member}; the frame then says how the fields are wrapped. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * Frame.operation("login", Scheme.named("okx, WebSocket")
 *                 .stamp(jsonField("timestamp"), seconds())
 *                 .preHash(seconds(), literal("GET/users/self/verify"))
 *                 .hmac(Hash.SHA256, SecretForm.UTF8)
 *                 .attach(jsonField("sign"), base64(signature()))
 *                 .build());
 * }</pre>
 */
public final class Frame implements LogonScheme {

    /** How the fields become a frame. */
    @FunctionalInterface
    public interface Wrapper {
        /**
         * Wraps.
         *
         * @param method what the caller asked for, empty for the venue's own log-on
         * @param fields the caller's fields and those of the scheme, in order
         */
        Map<String, @Nullable Object> wrap(String method, Map<String, @Nullable Object> fields, Moment moment);
    }

    private final Scheme scheme;
    private final Wrapper wrapper;

    private Frame(Scheme scheme, Wrapper wrapper) {
        this.scheme = scheme;
        this.wrapper = wrapper;
    }

    /** A WebSocket frame. */
    public static Frame of(Scheme scheme, Wrapper wrapper) {
        return new Frame(scheme, wrapper);
    }

    /** The fields as they are: FIX tags. */
    public static Frame tags(Scheme scheme) {
        return new Frame(scheme, (method, fields, moment) -> fields);
    }

    /** A WebSocket frame for a venue that has one log-on only; another method is refused. */
    public static Frame only(String method, Scheme scheme, Wrapper wrapper) {
        return new Frame(scheme, (asked, fields, moment) -> {
            if (!asked.isEmpty() && !asked.equals(method)) {
                throw new SigningException(
                        scheme.name() + " signs " + method + " only; send other calls unsigned after it");
            }
            return wrapper.wrap(method, fields, moment);
        });
    }

    /** The frame {@code {"op": name, "args": [{fields}]}}, for a venue that has one log-on only. */
    public static Frame operation(String name, Scheme scheme) {
        return only(name, scheme, (method, fields, moment) -> members("op", method, "args", List.of(fields)));
    }

    /** The frame {@code {"op": name, "args": [values]}} of these fields in this order, for a venue that has one log-on only. */
    public static Frame positional(String name, Scheme scheme, String... arguments) {
        List<String> order = List.of(arguments);
        return only(
                name,
                scheme,
                (method, fields, moment) -> members(
                        "op", method, "args", order.stream().map(fields::get).toList()));
    }

    /** Ordered members from names and values, alternating. */
    public static Map<String, @Nullable Object> members(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return members;
    }

    /** Ordered members: these, then all the others. */
    public static Map<String, @Nullable Object> members(
            String name, @Nullable Object value, Map<String, @Nullable Object> others) {
        Map<String, @Nullable Object> members = members(name, value);
        members.putAll(others);
        return members;
    }

    @Override
    public Logon sign(LogonRequest request, Credential credential, Moment moment) {
        ApiRequest fields = ApiRequest.post("/").body(Body.json(request.fields()));
        SigningInput input = scheme.signed(fields, credential, moment);
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        input.jsonMembers().forEach((name, value) -> all.put((String) name, value));
        byte[] preHash = input.isSigned() ? input.preHash().toByteArray() : null;
        Supplier<String> signature = input.signatureText();
        return Logon.of(
                wrapper.wrap(request.method(), all, moment), preHash, signature == null ? null : signature.get());
    }

    /** Name and algorithms of the scheme. */
    @Override
    public String toString() {
        return "Frame[" + scheme + "]";
    }
}
