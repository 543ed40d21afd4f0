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
import io.intaglio.signing.internal.Codecs;
import io.intaglio.signing.internal.StructuredFields;
import io.intaglio.signing.internal.TextBytes;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
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
    /** Bytes that the values of components are likely to take. */
    private static final int VALUES = 128;

    private final HttpSignatureAlgorithm algorithm;
    private final SignatureAlgorithm signatureAlgorithm;
    private final Covered plain;
    private final Covered withContent;
    private final String label;
    private final String beforeSignature;
    private final boolean nonceMayBeAbsent;
    private final List<SignatureParameter> parameters;
    private final @Nullable Duration lifetime;
    private final @Nullable String tag;
    private final HttpDigest digest;
    private final boolean coversContent;
    private final Map<String, FieldType> types;
    private final Scheme encoder;

    /** What a signature covers, and how its input begins, which is the same for all messages. */
    private static final class Covered {
        final List<Component> components;
        final boolean digest;
        final String input;

        Covered(String label, List<Component> components) {
            this.components = List.copyOf(components);
            this.digest = components.contains(CONTENT_DIGEST);
            StringJoiner names = new StringJoiner(" ", label + "=(", ")");
            components.forEach(component -> names.add(component.toString()));
            this.input = names.toString();
        }
    }

    private HttpMessageSignatures(Builder from) {
        this.algorithm = from.algorithm;
        this.signatureAlgorithm = from.algorithm.algorithm(from.secretForm);
        this.plain = new Covered(from.label, from.components);
        List<Component> more = new ArrayList<>(from.components);
        if (!plain.digest) {
            more.add(CONTENT_DIGEST);
        }
        this.withContent = from.coversContent ? new Covered(from.label, more) : plain;
        this.label = from.label;
        this.beforeSignature = from.label + "=:";
        this.nonceMayBeAbsent = from.parameters == null;
        this.parameters = from.parameters == null ? defaults(from) : from.parameters;
        this.lifetime = from.lifetime;
        this.tag = from.tag;
        this.digest = from.digest;
        this.coversContent = from.coversContent;
        this.types = Map.copyOf(from.types);
        this.encoder = Scheme.named(NAME).encoding(from.encoding).build();
    }

    private static List<SignatureParameter> defaults(Builder from) {
        List<SignatureParameter> written = new ArrayList<>(Arrays.asList(SignatureParameter.values()));
        written.removeIf(parameter -> switch (parameter) {
            case CREATED, KEYID, NONCE -> false;
            case EXPIRES -> from.lifetime == null;
            case ALG -> true;
            case TAG -> from.tag == null;
        });
        return List.copyOf(written);
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
        SignedRequest encoded = encoder.sign(request, credential, moment);
        Access access = request.access().orElse(Access.SIGNED);
        if (access == Access.PUBLIC) {
            return encoded;
        }
        if (access == Access.KEY_ONLY) {
            throw new SigningException(
                    NAME + " has no key-only form, but " + request + " asks for it; sign it or send it as public");
        }
        List<Field> headers = room(encoded.headers());
        TextBytes base = sign(HttpMessage.of(encoded), headers, credential, moment);
        String placed = headers.get(headers.size() - 1).value();
        return encoded.signedAs(
                encoded.target(),
                Collections.unmodifiableList(headers),
                base.array(),
                base.size(),
                () -> placed.substring(beforeSignature.length(), placed.length() - 1));
    }

    /**
     * Signs a message of any kind: a response, or a request made elsewhere. Returns it with {@code Signature-Input}, {@code Signature} and, where
     * it is missing, {@code Content-Digest}. Signatures with other labels stay.
     *
     * @throws SigningException when a covered component is absent, the key does not fit, or the label is taken
     */
    public HttpMessage sign(HttpMessage message, Credential credential, Moment moment) {
        List<Field> headers = room(message.headers());
        sign(message, headers, credential, moment);
        return message.owningHeaders(Collections.unmodifiableList(headers));
    }

    /** The headers, and room for those that a signature adds. */
    private static List<Field> room(List<Field> headers) {
        List<Field> more = new ArrayList<>(headers.size() + 3);
        more.addAll(headers);
        return more;
    }

    @Override
    public Explanation explain(ApiRequest request, Credential credential, Moment moment) {
        SignedRequest signed = sign(request, credential, moment);
        String base = Explanation.show(signed.preHash()).replace(credential.keyId(), credential.shortKeyId());
        return Explanation.of(NAME, signed.isSigned() ? algorithm.label() : "", List.of(), base, signed.toString());
    }

    /**
     * Adds the digest where it is missing, and last the signature, to the message's headers.
     *
     * @return the signature base
     */
    private TextBytes sign(HttpMessage message, List<Field> headers, Credential credential, Moment moment) {
        SigningKey key = credential
                .key()
                .orElseThrow(() -> new SigningException(NAME + " signs " + message + ", but credential "
                        + credential.shortKeyId() + " has no signing key; give it one"));
        if (key.kind() != algorithm.kind()) {
            throw new SigningException(NAME + " with " + algorithm + " needs " + algorithm.kind() + ", but credential "
                    + credential.shortKeyId() + " holds " + key.kind());
        }
        Covered covered = message.content().length > 0 ? withContent : plain;
        if (covered.digest) {
            addDigest(message, headers);
        }
        try {
            refuseTakenLabel(message);
            String input = input(covered, credential, moment);
            TextBytes base = new TextBytes(2 * input.length() + VALUES);
            HttpMessage complete = message.owningHeaders(headers);
            SignatureBase.write(complete, covered.components, input, label.length() + 1, types, base);
            byte[] signature = key.sign(signatureAlgorithm, base.array(), 0, base.size());
            headers.add(new Field("Signature-Input", input));
            headers.add(new Field("Signature", Codecs.base64(beforeSignature, signature, ":")));
            return base;
        } catch (IllegalArgumentException e) {
            throw new SigningException(NAME + " cannot sign " + message + ": " + e.getMessage());
        }
    }

    private void addDigest(HttpMessage message, List<Field> headers) {
        String present = SignatureBase.joined(message.headers(), DIGEST_HEADER);
        if (present == null) {
            headers.add(new Field(DIGEST_HEADER, digest.field(message.content())));
            return;
        }
        try {
            HttpDigest.verify(present, message.content());
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

    /** The member of {@code Signature-Input}. */
    private String input(Covered covered, Credential credential, Moment moment) {
        int room = covered.input.length() + credential.keyId().length() + 32;
        StringBuilder out = new StringBuilder(room).append(covered.input);
        Instant now = moment.timestamp();
        for (int i = 0; i < parameters.size(); i++) {
            SignatureParameter parameter = parameters.get(i);
            boolean absent = nonceMayBeAbsent
                    && parameter == SignatureParameter.NONCE
                    && moment.nonce().isEmpty();
            if (!absent) {
                append(parameter, credential, moment, now, out);
            }
        }
        return out.toString();
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
        return "HttpMessageSignatures[" + algorithm + ", " + plain.components + (coversContent ? ", content" : "")
                + "]";
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
