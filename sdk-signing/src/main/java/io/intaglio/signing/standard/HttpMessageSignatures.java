package io.intaglio.signing.standard;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.internal.StructuredFields;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests and responses with HTTP Message Signatures (RFC 9421), their content by its digest (RFC 9530). Immutable and thread-safe.
 *
 * <pre>{@code
 * SigningScheme scheme = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
 *         .covering("@method", "@target-uri")
 *         .expiresAfter(Duration.ofSeconds(60))
 *         .build();
 * SignedRequest signed = scheme.sign(request.baseUri(origin), credential, Moment.at(now));
 * }</pre>
 *
 * Content is always covered unless {@link Builder#leavingContentUncovered()} says otherwise: a message with content gets a
 * {@code Content-Digest}, and the signature covers it. The {@code keyid} is the credential's key id. A moment's nonce becomes the
 * {@code nonce}. Requests that name {@link Access#PUBLIC} are sent unsigned.
 */
public final class HttpMessageSignatures implements SigningScheme {
    private static final String NAME = "HTTP Message Signatures";
    private static final String DIGEST_HEADER = "Content-Digest";
    private static final Component CONTENT_DIGEST = Component.of(DIGEST_HEADER);

    private final HttpSignatureAlgorithm algorithm;
    private final SignatureAlgorithm signatureAlgorithm;
    private final List<Component> components;
    private final List<Component> withDigest;
    private final String label;
    private final @Nullable List<SignatureParameter> parameters;
    private final @Nullable Duration lifetime;
    private final @Nullable String tag;
    private final HttpDigest digest;
    private final boolean coversContent;
    private final Map<String, FieldType> types;
    private final Scheme encoder;

    /** A signature before it is placed. */
    private static final class Made {
        final List<Field> fields;
        final byte[] base;
        final String signature;

        Made(List<Field> fields, byte[] base, String signature) {
            this.fields = fields;
            this.base = base;
            this.signature = signature;
        }
    }

    private HttpMessageSignatures(Builder from) {
        this.algorithm = from.algorithm;
        this.signatureAlgorithm = from.algorithm.algorithm(from.secretForm);
        this.components = List.copyOf(from.components);
        List<Component> more = new ArrayList<>(components);
        if (!more.contains(CONTENT_DIGEST)) {
            more.add(CONTENT_DIGEST);
        }
        this.withDigest = from.coversContent ? List.copyOf(more) : components;
        this.label = from.label;
        this.parameters = from.parameters;
        this.lifetime = from.lifetime;
        this.tag = from.tag;
        this.digest = from.digest;
        this.coversContent = from.coversContent;
        this.types = Map.copyOf(from.types);
        this.encoder = Scheme.named(NAME).encoding(from.encoding).build();
    }

    /** Starts a scheme that signs with this algorithm. */
    public static Builder signing(HttpSignatureAlgorithm algorithm) {
        return new Builder(algorithm);
    }

    @Override
    public Set<SignatureAlgorithm> algorithms() {
        return Set.of(signatureAlgorithm);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The request needs a base URI when {@code @authority}, {@code @scheme} or {@code @target-uri} is covered.
     */
    @Override
    public SignedRequest sign(ApiRequest request, Credential credential, Moment moment) {
        SignedRequest plain = encoder.sign(request, credential, moment);
        Access access = request.access().orElse(Access.SIGNED);
        if (access == Access.PUBLIC) {
            return plain;
        }
        if (access == Access.KEY_ONLY) {
            throw new SigningException(
                    NAME + " has no key-only form, but " + request + " asks for it; sign it or send it as public");
        }
        Made made = make(HttpMessage.of(plain), credential, moment);
        List<Field> headers = new ArrayList<>(plain.headers().size() + made.fields.size());
        headers.addAll(plain.headers());
        headers.addAll(made.fields);
        return SignedRequest.owning(
                plain.method(),
                plain.target(),
                plain.baseUri().orElse(null),
                Collections.unmodifiableList(headers),
                plain.hasBody() ? plain.body() : null,
                made.base,
                made.base.length,
                made.signature);
    }

    /**
     * Signs a message of any kind: a response, or a request made elsewhere. Returns it with {@code Signature-Input}, {@code Signature} and, where
     * it is missing, {@code Content-Digest}. Signatures with other labels stay.
     *
     * @throws SigningException when a covered component is absent, the key does not fit, or the label is taken
     */
    public HttpMessage sign(HttpMessage message, Credential credential, Moment moment) {
        return message.headers(make(message, credential, moment).fields);
    }

    @Override
    public Explanation explain(ApiRequest request, Credential credential, Moment moment) {
        SignedRequest signed = sign(request, credential, moment);
        String base = Explanation.show(signed.preHash()).replace(credential.keyId(), credential.shortKeyId());
        return Explanation.of(NAME, signed.isSigned() ? algorithm.label() : "", List.of(), base, signed.toString());
    }

    private Made make(HttpMessage message, Credential credential, Moment moment) {
        SigningKey key = credential
                .key()
                .orElseThrow(() -> new SigningException(NAME + " signs " + message + ", but credential "
                        + credential.shortKeyId() + " has no signing key; give it one"));
        if (key.kind() != algorithm.kind()) {
            throw new SigningException(NAME + " with " + algorithm + " needs " + algorithm.kind() + ", but credential "
                    + credential.shortKeyId() + " holds " + key.kind());
        }
        List<Field> fields = new ArrayList<>(3);
        boolean hasContent = message.content().length > 0;
        List<Component> covered = hasContent ? withDigest : components;
        HttpMessage complete = message;
        if (covered.contains(CONTENT_DIGEST)) {
            complete = withDigest(message, fields);
        }
        try {
            refuseTakenLabel(message);
            String input = parameters(covered, credential, moment);
            byte[] base = SignatureBase.of(complete, covered, input, types);
            String signature = Base64.getEncoder().encodeToString(key.sign(signatureAlgorithm, base));
            fields.add(new Field("Signature-Input", label + "=" + input));
            fields.add(new Field("Signature", label + "=:" + signature + ":"));
            return new Made(fields, base, signature);
        } catch (IllegalArgumentException e) {
            throw new SigningException(NAME + " cannot sign " + message + ": " + e.getMessage());
        }
    }

    private HttpMessage withDigest(HttpMessage message, List<Field> fields) {
        String present = SignatureBase.joined(message.headers(), DIGEST_HEADER);
        if (present == null) {
            fields.add(new Field(DIGEST_HEADER, digest.field(message.content())));
            return message.headers(fields);
        }
        try {
            HttpDigest.verify(present, message.content());
            return message;
        } catch (VerificationException e) {
            throw new SigningException(NAME + " cannot sign " + message + ", whose own " + DIGEST_HEADER + " is wrong: "
                    + e.getMessage() + "; leave the header out and it is set right");
        }
    }

    private void refuseTakenLabel(HttpMessage message) {
        String taken = SignatureBase.joined(message.headers(), "Signature-Input");
        if (taken != null && StructuredFields.dictionary(taken).containsKey(label)) {
            throw new IllegalArgumentException(
                    "it already has a signature labelled '" + label + "'; give this one " + "another label");
        }
    }

    private String parameters(List<Component> covered, Credential credential, Moment moment) {
        StringBuilder out = new StringBuilder(192).append('(');
        for (int i = 0; i < covered.size(); i++) {
            out.append(i > 0 ? " " : "").append(covered.get(i));
        }
        out.append(')');
        Instant now = moment.timestamp();
        for (SignatureParameter parameter : SignatureParameter.values()) {
            if (parameters == null && isDefault(parameter, moment)) {
                append(parameter, credential, moment, now, out);
            }
        }
        if (parameters != null) {
            for (SignatureParameter parameter : parameters) {
                append(parameter, credential, moment, now, out);
            }
        }
        return out.toString();
    }

    private boolean isDefault(SignatureParameter parameter, Moment moment) {
        return switch (parameter) {
            case CREATED, KEYID -> true;
            case EXPIRES -> lifetime != null;
            case NONCE -> moment.nonce().isPresent();
            case ALG -> false;
            case TAG -> tag != null;
        };
    }

    private void append(
            SignatureParameter parameter, Credential credential, Moment moment, Instant now, StringBuilder out) {
        out.append(';').append(parameter.label()).append('=');
        switch (parameter) {
            case CREATED -> out.append(now.getEpochSecond());
            case EXPIRES ->
                out.append(now.plus(lifetime == null ? Duration.ZERO : lifetime).getEpochSecond());
            case ALG -> out.append('"').append(algorithm.label()).append('"');
            case KEYID -> StructuredFields.writeString(credential.keyId(), out);
            case TAG -> StructuredFields.writeString(tag == null ? "" : tag, out);
            case NONCE ->
                StructuredFields.writeString(
                        moment.nonce()
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "the moment has no nonce; give Moment.of(time, nonce) or a nonce source")),
                        out);
        }
    }

    /** Algorithm and covered components. */
    @Override
    public String toString() {
        return "HttpMessageSignatures[" + algorithm + ", " + components + (coversContent ? ", content" : "") + "]";
    }

    /** Collects what a signature covers and says. Not thread-safe. */
    public static final class Builder {
        private final HttpSignatureAlgorithm algorithm;
        private final List<Component> components = new ArrayList<>();
        private final Map<String, FieldType> types = new LinkedHashMap<>();
        private String label = "sig1";
        private @Nullable List<SignatureParameter> parameters;
        private @Nullable Duration lifetime;
        private @Nullable String tag;
        private HttpDigest digest = HttpDigest.SHA_256;
        private boolean coversContent = true;
        private SecretForm secretForm = SecretForm.UTF8;
        private UrlEncoding encoding = UrlEncoding.STRICT;

        private Builder(HttpSignatureAlgorithm algorithm) {
            this.algorithm = algorithm;
        }

        /** Adds components by name, after those already there: {@code "@method"}, {@code "content-type"}. */
        public Builder covering(String... names) {
            for (String name : names) {
                covering(Component.of(name));
            }
            return this;
        }

        /**
         * Adds components, after those already there.
         *
         * @throws IllegalArgumentException when one is there already; a signature covers each once
         */
        public Builder covering(Component... more) {
            for (Component component : more) {
                if (components.contains(component)) {
                    throw new IllegalArgumentException("component " + component + " is covered twice");
                }
                components.add(component);
            }
            return this;
        }

        /** Names the signature in its fields; {@code sig1} unless set. */
        public Builder label(String newLabel) {
            StructuredFields.writeKey(newLabel, new StringBuilder());
            label = newLabel;
            return this;
        }

        /** Says which application the signature is for. */
        public Builder tag(String newTag) {
            tag = newTag;
            return this;
        }

        /**
         * Ends the signature's validity.
         *
         * @throws IllegalArgumentException when it is shorter than a second
         */
        public Builder expiresAfter(Duration newLifetime) {
            if (newLifetime.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("a signature must last at least a second, not " + newLifetime);
            }
            lifetime = newLifetime;
            return this;
        }

        /**
         * The parameters to write, in this order, all of which then have to have a value. Unless set: created, expires and tag if they are set,
         * nonce if the moment has one, keyid.
         */
        public Builder parameters(SignatureParameter... ordered) {
            parameters = List.copyOf(Arrays.asList(ordered));
            if (!parameters.isEmpty() && EnumSet.copyOf(parameters).size() < parameters.size()) {
                throw new IllegalArgumentException("a signature parameter is written once: " + parameters);
            }
            return this;
        }

        /** The digest for {@code Content-Digest}; SHA-256 unless set. */
        public Builder digest(HttpDigest newDigest) {
            digest = newDigest;
            return this;
        }

        /** Signs messages without regard to their content, which anyone may then change. */
        public Builder leavingContentUncovered() {
            coversContent = false;
            return this;
        }

        /** How the text of a shared secret becomes key bytes; UTF-8 unless set. */
        public Builder secretForm(SecretForm form) {
            secretForm = form;
            return this;
        }

        /** How query and form of an {@link ApiRequest} are encoded; {@link UrlEncoding#STRICT} unless set. */
        public Builder encoding(UrlEncoding newEncoding) {
            encoding = newEncoding;
            return this;
        }

        /** Tells the type of a structured field, for components with {@code sf}. */
        public Builder structuredField(String name, FieldType type) {
            types.put(Component.of(name).name(), type);
            return this;
        }

        /**
         * Builds the scheme.
         *
         * @throws IllegalArgumentException when a parameter to write has no value
         */
        public HttpMessageSignatures build() {
            if (parameters != null
                    && (parameters.contains(SignatureParameter.EXPIRES) && lifetime == null
                            || parameters.contains(SignatureParameter.TAG) && tag == null)) {
                throw new IllegalArgumentException("parameters " + parameters
                        + " are to be written, but expiresAfter(...) or tag(...) is not set");
            }
            return new HttpMessageSignatures(this);
        }
    }
}
