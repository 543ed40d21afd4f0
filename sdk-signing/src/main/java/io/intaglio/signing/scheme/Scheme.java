package io.intaglio.signing.scheme;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.ReceivedRequest;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A signing scheme made of parts in places; see the {@linkplain io.intaglio.signing.scheme package} for the three steps and an example.
 * Immutable and thread-safe once built.
 */
public final class Scheme implements SigningScheme {
    record Step(Predicate<ApiRequest> when, Place place, Part part, boolean isStamp) {}

    private record Rule(Predicate<ApiRequest> when, String text) {}

    private final String name;
    private final UrlEncoding encoding;
    private final boolean sortsParameters;
    private final List<Rule> contentTypes;
    private final List<Rule> emptyBodies;
    private final Predicate<ApiRequest> isPublic;
    private final Predicate<ApiRequest> isKeyOnly;
    private final Step[] stamps;
    private final Step[] keyOnly;
    private final Step[] attachments;
    private final @Nullable Part preHash;
    private final List<SignatureAlgorithm> algorithms;
    private final KeyReader.SeedForm seedForm;
    private final Set<String> conditionAttributes;
    private final int headerCount;
    private final int attachedRoom;

    private Scheme(Builder builder) {
        this.name = builder.name;
        this.encoding = builder.encoding;
        this.sortsParameters = builder.sortsParameters;
        this.contentTypes = List.copyOf(builder.contentTypes);
        this.emptyBodies = List.copyOf(builder.emptyBodies);
        this.isPublic = builder.isPublic;
        this.isKeyOnly = builder.isKeyOnly;
        this.stamps = builder.stamps.toArray(Step[]::new);
        this.keyOnly = builder.keyOnly.toArray(Step[]::new);
        this.attachments = builder.attachments.toArray(Step[]::new);
        this.preHash = builder.preHash;
        this.algorithms = List.copyOf(builder.algorithms);
        this.seedForm = builder.seedForm;
        this.conditionAttributes = Set.copyOf(builder.conditionAttributes);
        this.headerCount = headersIn(stamps) + headersIn(attachments) + 1;
        this.attachedRoom = (attachments.length - headersIn(attachments)) * 80;
    }

    private static int headersIn(Step[] steps) {
        int count = 0;
        for (Step step : steps) {
            count += step.place.kind() == Place.Kind.HEADER ? 1 : 0;
        }
        return count;
    }

    /** Begins a scheme; the name appears in messages. */
    public static Builder named(String name) {
        return new Builder(Objects.requireNonNull(name, "name"));
    }

    /** Name for messages. */
    public String name() {
        return name;
    }

    @Override
    public Set<SignatureAlgorithm> algorithms() {
        return new LinkedHashSet<>(algorithms);
    }

    @Override
    public String family() {
        if (preHash == null) {
            return "token";
        }
        if (Parts.isJwt(preHash)) {
            return "JWT";
        }
        Set<String> families = new LinkedHashSet<>();
        for (Step step : attachments) {
            switch (step.place.kind()) {
                case QUERY, FORM, PARAMETER -> families.add("signed parameters");
                case JSON, BODY -> families.add("signed body");
                case HEADER -> {
                    // the key id and other values of the credential travel in headers whatever else does
                    if (!Parts.isOfTheCredential(step.part)) {
                        families.add("signed headers");
                    }
                }
            }
        }
        return String.join(", ", families);
    }

    /**
     * Reads a key from the text in which the venue hands it out or the user stores it: PEM of any kind, PKCS#8 without PEM's lines, the
     * seed form the scheme declares, or an HMAC secret.
     *
     * @throws io.intaglio.signing.key.KeyException when it is no key that this scheme takes; the message says what it is
     */
    @Override
    public SigningKey readKey(Secret text) {
        boolean symmetric = false;
        boolean asymmetric = false;
        boolean edwards = false;
        for (SignatureAlgorithm algorithm : algorithms) {
            symmetric |= algorithm.isSymmetric();
            asymmetric |= !algorithm.isSymmetric();
            edwards |= algorithm.equals(SignatureAlgorithm.ed25519());
        }
        if (KeyReader.looksLikePem(text)) {
            return KeyReader.readFor(name, algorithms, text);
        }
        if (symmetric || algorithms.isEmpty()) {
            return asymmetric && KeyReader.looksLikePkcs8(text) ? KeyReader.pkcs8Base64(text) : SigningKey.hmac(text);
        }
        return edwards ? KeyReader.ed25519(text, seedForm) : KeyReader.pkcs8Base64(text);
    }

    @Override
    public SignedRequest sign(ApiRequest request, Credential credential, Moment moment) {
        return run(request, credential, moment, null);
    }

    @Override
    public Explanation explain(ApiRequest request, Credential credential, Moment moment) {
        Trace trace = new Trace();
        SignedRequest signed = run(request, credential, moment, trace);
        SignatureAlgorithm algorithm = signed.isSigned()
                ? algorithmFor(request, credential, credential.key().orElse(null))
                : null;
        List<Explanation.Step> steps = trace.steps(
                credential.keyId(), credential.shortKeyId(), signed.signature().orElse(""));
        String text = steps.stream()
                .filter(step -> step.phase() == Explanation.Phase.PRE_HASH && step.depth() == 0)
                .map(Explanation.Step::text)
                .findFirst()
                .orElse("");
        return Explanation.of(name, algorithm == null ? "" : algorithm.name(), steps, text, signed.toString());
    }

    private SignedRequest run(ApiRequest request, Credential credential, Moment moment, @Nullable Trace trace) {
        return finish(request, signed(request, credential, moment, trace));
    }

    /** All three steps, for a log-on, which is never sent as a request. */
    SigningInput signed(ApiRequest request, Credential credential, Moment moment) {
        return signed(request, credential, moment, null);
    }

    private SigningInput signed(ApiRequest request, Credential credential, Moment moment, @Nullable Trace trace) {
        Access access = accessOf(request);
        SigningKey key = credential.key().orElse(null);
        SignatureAlgorithm algorithm =
                access == Access.SIGNED && preHash != null ? algorithmFor(request, credential, key) : null;
        SigningInput input = new SigningInput(this, request, credential, moment, key, algorithm, trace);
        if (access == Access.KEY_ONLY) {
            apply(keyOnly, input);
        } else if (access == Access.SIGNED) {
            apply(stamps, input);
            if (preHash != null) {
                if (trace != null) {
                    trace.phase(Explanation.Phase.PRE_HASH);
                }
                ByteSink text = trace == null ? Parts.view(preHash, input) : null;
                if (text == null) {
                    text = new ByteSink(256);
                    input.write(preHash, text);
                }
                input.preHash(text);
                input.sign();
            }
            if (trace != null) {
                trace.phase(Explanation.Phase.ATTACH);
            }
            apply(attachments, input);
        }
        if (!request.attributes().isEmpty()) {
            input.refuseUnreadAttributes();
        }
        return input;
    }

    /**
     * How a received request may have come to be by this scheme; empty when it cannot have. Proves nothing: sign each again and compare, as
     * {@code io.intaglio.signing.verify.Verifier} does.
     */
    public List<Reading> readings(ReceivedRequest request) {
        return new Reader(this, request).readings();
    }

    List<Step> stampsAndAttachments() {
        List<Step> all = new ArrayList<>(List.of(stamps));
        all.addAll(List.of(attachments));
        return all;
    }

    private static void apply(Step[] steps, SigningInput input) {
        for (Step step : steps) {
            if (step.when.test(input.request())) {
                input.place(step.place, step.part);
            }
        }
    }

    private SignedRequest finish(ApiRequest request, SigningInput input) {
        ByteSink query = input.encodedQuery();
        URI base = request.baseUri().orElse(null);
        String prefix = base == null || base.getRawPath() == null ? "" : base.getRawPath();
        if (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        String path = prefix.isEmpty() ? request.path() : prefix + request.path();
        String target = query.size() == 0 ? path : path + '?' + query.textFrom(0);
        List<Field> headers = input.finishedHeaders();
        ByteSink body = input.hasBody() ? input.encodedBody() : null;
        byte[] sent = body == null ? null : body.handOver();
        byte[] text = null;
        int length = 0;
        if (input.isSigned()) {
            ByteSink sink = input.preHash();
            length = input.preHashLength();
            text = sink == body ? sent : sink.handOver();
        }
        return SignedRequest.owning(
                request.method(),
                target,
                base,
                headers,
                sent,
                body == null ? 0 : body.size(),
                text,
                length,
                input.signatureText());
    }

    @Override
    public Access accessOf(ApiRequest request) {
        Access asked = request.access().orElse(null);
        if (asked != null) {
            return asked;
        }
        if (isPublic.test(request)) {
            return Access.PUBLIC;
        }
        return isKeyOnly.test(request) ? Access.KEY_ONLY : Access.SIGNED;
    }

    private SignatureAlgorithm algorithmFor(ApiRequest request, Credential credential, @Nullable SigningKey key) {
        if (key == null) {
            throw new SigningException(name + " signs " + request + ", but credential " + credential.shortKeyId()
                    + " has no signing key; give it one, or send the call with access(Access.PUBLIC)");
        }
        for (int i = 0; i < algorithms.size(); i++) {
            if (algorithms.get(i).accepts(key.kind())) {
                return algorithms.get(i);
            }
        }
        StringBuilder wanted = new StringBuilder();
        for (SignatureAlgorithm algorithm : algorithms) {
            wanted.append(wanted.length() == 0 ? "" : ", ").append(algorithm.name());
        }
        throw new SigningException(name + " takes " + wanted + ", but credential " + credential.shortKeyId() + " holds "
                + key.kind() + "; create a key of a kind that the venue takes");
    }

    UrlEncoding encoding() {
        return encoding;
    }

    boolean sortsParameters() {
        return sortsParameters;
    }

    /** Whether conditions look at this attribute, or the scheme has no use for it on some of its calls. */
    boolean allowsAttribute(String attribute) {
        return conditionAttributes.contains(attribute);
    }

    int headerCount() {
        return headerCount;
    }

    /** Bytes that are likely to be added behind the fields of query or form once they are encoded. */
    int attachedRoom() {
        return attachedRoom;
    }

    @Nullable
    String fixedContentType(ApiRequest request) {
        return firstMatch(contentTypes, request);
    }

    @Nullable
    String emptyBody(ApiRequest request) {
        return firstMatch(emptyBodies, request);
    }

    private static @Nullable String firstMatch(List<Rule> rules, ApiRequest request) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).when.test(request)) {
                return rules.get(i).text;
            }
        }
        return null;
    }

    /** Name and algorithms. */
    @Override
    public String toString() {
        return "Scheme[" + name + ", " + algorithms + "]";
    }

    /** Collects the steps of a scheme. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private UrlEncoding encoding = UrlEncoding.STRICT;
        private boolean sortsParameters;
        private final List<Rule> contentTypes = new ArrayList<>();
        private final List<Rule> emptyBodies = new ArrayList<>();
        private Predicate<ApiRequest> isPublic = request -> false;
        private Predicate<ApiRequest> isKeyOnly = request -> false;
        private final List<Step> stamps = new ArrayList<>();
        private final List<Step> keyOnly = new ArrayList<>();
        private final List<Step> attachments = new ArrayList<>();
        private @Nullable Part preHash;
        private final List<SignatureAlgorithm> algorithms = new ArrayList<>();
        private KeyReader.SeedForm seedForm = KeyReader.SeedForm.BASE64;
        private final Set<String> conditionAttributes = new LinkedHashSet<>();

        private Builder(String name) {
            this.name = name;
        }

        /** How query and form are encoded when sent; {@link UrlEncoding#STRICT} unless set. */
        public Builder encoding(UrlEncoding newEncoding) {
            encoding = newEncoding;
            return this;
        }

        /** Query and form fields are sent sorted by name. */
        public Builder sortParameters() {
            sortsParameters = true;
            return this;
        }

        /** Sets a value that the pre-hash covers, unless the caller has set it. */
        public Builder stamp(Place place, Part part) {
            return stamp(When.always(), place, part);
        }

        /** As {@link #stamp(Place, Part)}, on matching requests only. */
        public Builder stamp(Predicate<ApiRequest> when, Place place, Part part) {
            stamps.add(new Step(when, place, part, true));
            return this;
        }

        /** The bytes handed to the key: these parts with nothing between them. A scheme without a pre-hash does not sign. */
        public Builder preHash(Part... parts) {
            preHash = parts.length == 1 ? parts[0] : Parts.concat(parts);
            return this;
        }

        /** Takes HMAC secrets. */
        public Builder hmac(Hash hash, SecretForm form) {
            return algorithm(SignatureAlgorithm.hmac(hash, form));
        }

        /** Takes Ed25519 keys; a bare seed is base64 (for other forms see {@link #ed25519(KeyReader.SeedForm)}). */
        public Builder ed25519() {
            return algorithm(SignatureAlgorithm.ed25519());
        }

        /** Takes Ed25519 keys, which the venue hands out in this form; PEM is read too. */
        public Builder ed25519(KeyReader.SeedForm form) {
            seedForm = form;
            return ed25519();
        }

        /** Takes RSA keys, signing by RSASSA-PKCS1-v1_5 (RFC 8017). */
        public Builder rsa(Hash hash) {
            return algorithm(SignatureAlgorithm.rsaPkcs1(hash));
        }

        /** Takes EC keys. */
        public Builder ecdsa(Hash hash, EcdsaForm form) {
            return algorithm(SignatureAlgorithm.ecdsa(hash, form));
        }

        /** Takes any algorithm; the first that accepts the credential's key is used. */
        public Builder algorithm(SignatureAlgorithm algorithm) {
            algorithms.add(algorithm);
            return this;
        }

        /**
         * Names attributes that conditions look at, or that only some calls use: no part need read them, so that a caller can give them on
         * every call. Any other attribute that no part reads is refused.
         */
        public Builder allowAttributes(String... attributes) {
            conditionAttributes.addAll(List.of(attributes));
            return this;
        }

        /** Adds a value after signing. */
        public Builder attach(Place place, Part part) {
            return attach(When.always(), place, part);
        }

        /** As {@link #attach(Place, Part)}, on matching requests only. */
        public Builder attach(Predicate<ApiRequest> when, Place place, Part part) {
            attachments.add(new Step(when, place, part, false));
            return this;
        }

        /** Requests to which nothing is added. */
        public Builder publicWhen(Predicate<ApiRequest> when) {
            isPublic = when;
            return this;
        }

        /** Requests that carry the key id only. */
        public Builder keyOnlyWhen(Predicate<ApiRequest> when) {
            isKeyOnly = when;
            return this;
        }

        /** What a key-only request carries. */
        public Builder keyOnly(Place place, Part part) {
            keyOnly.add(new Step(When.always(), place, part, false));
            return this;
        }

        /** A fixed Content-Type on matching requests, with or without a body; an empty text sends none. Else it follows from the body. */
        public Builder contentType(Predicate<ApiRequest> when, String type) {
            contentTypes.add(new Rule(when, type));
            return this;
        }

        /** What matching requests send when they have no parameters in the body: a text such as {@code {}}, or no body for the empty text. */
        public Builder emptyBody(Predicate<ApiRequest> when, String text) {
            emptyBodies.add(new Rule(when, text));
            return this;
        }

        /**
         * Builds the scheme.
         *
         * @throws IllegalArgumentException when there is a pre-hash but no algorithm, or the reverse
         */
        public Scheme build() {
            if ((preHash == null) != algorithms.isEmpty()) {
                throw new IllegalArgumentException("scheme " + name + " has "
                        + (preHash == null ? "an algorithm but no pre-hash" : "a pre-hash but no algorithm")
                        + "; declare both, or neither for a venue without signatures");
            }
            return new Scheme(this);
        }
    }
}
