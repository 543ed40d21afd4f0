package io.intaglio.signing.key;

import io.intaglio.signing.internal.Codecs;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys in every form that venues, OpenSSL and the JDK write. Text may have Windows line ends, line breaks
 * written as {@code \n}, a byte order mark, and blanks or quotes around it. When it is no private key, the message says
 * what it is instead, and never shows any of it. Stateless.
 *
 * <pre>{@code
 * SigningKey key = KeyReader.read(Secret.fromFile(Path.of("desk.pem")));
 * SigningKey encrypted = KeyReader.read(Secret.fromFile(Path.of("desk.p8")), Secret.fromEnv("DESK_KEY_PASSWORD"));
 * }</pre>
 */
public final class KeyReader {
    /**
     * How the text of a bare Ed25519 key is written. The key is the 32-byte seed, or the seed followed by the public
     * key.
     */
    public enum SeedForm {
        /** With or without padding. */
        BASE64,
        /** Base64 with {@code -} and {@code _}, with or without padding. */
        BASE64URL,
        /** Either case, with or without {@code 0x}. */
        HEX,
        /** Bitcoin's alphabet, with or without {@code ed25519:} in front. */
        BASE58,
        /** PKCS#8 or any other form that {@link KeyReader#read(Secret)} takes. */
        PEM
    }

    private static final String OPENSSH = "OPENSSH PRIVATE KEY";

    /** A key and the form it was found in, for messages. */
    private record Found(SigningKey key, String form) {}

    private KeyReader() {}

    /**
     * Reads PKCS#8, PKCS#1 (RSA), SEC 1 (EC) or OpenSSH, in PEM, and the first three also in DER or in base64 without
     * PEM's lines; or a JSON Web Key (RFC 7517: OKP on Ed25519, EC, RSA, and oct, which is an HMAC secret of bytes, so
     * for algorithms of {@link SecretForm#UTF8}).
     *
     * @throws KeyException when it is anything else, naming what it is
     */
    public static SigningKey read(Secret text) {
        return InsecureSecretAccess.use(text, bytes -> read(bytes, null)).key;
    }

    /**
     * Reads an encrypted PKCS#8 key (PBES2 with PBKDF2 or scrypt) or an encrypted OpenSSH key (bcrypt). A key that is
     * not encrypted is read too.
     *
     * @throws KeyException when the password does not open it, when it asks for more than 10 million iterations, 256
     *     bcrypt rounds or 256 MiB, or when it is no private key
     */
    public static SigningKey read(Secret text, Secret password) {
        return InsecureSecretAccess.use(text, bytes -> read(bytes, password)).key;
    }

    /**
     * Reads a private key for one purpose and refuses it when no algorithm of that purpose takes its kind.
     *
     * <pre>{@code
     * KeyReader.readFor("binance-spot", scheme.algorithms(), text);
     * // this is a SEC1 EC P-256 key; binance-spot takes Ed25519, RSA or an HMAC secret
     * }</pre>
     *
     * @param taker who takes the key, for the message
     * @param algorithms none means any
     * @throws KeyException as {@link #read(Secret)} does, and when the kind does not fit
     */
    public static SigningKey readFor(String taker, Collection<SignatureAlgorithm> algorithms, Secret text) {
        Found found = InsecureSecretAccess.use(text, bytes -> read(bytes, null));
        KeyKind kind = found.key.kind();
        if (!algorithms.isEmpty() && algorithms.stream().noneMatch(algorithm -> algorithm.accepts(kind))) {
            found.key.close();
            throw new KeyException("this is " + found.form + " " + kind.inShort() + "; " + taker + " takes "
                    + SignatureAlgorithm.wantedKeys(algorithms));
        }
        return found.key;
    }

    /**
     * Reads a bare Ed25519 key: 32 bytes are the seed, 64 the seed and its public key, which has to match.
     *
     * @throws KeyException when the text does not have this form, the length is another, or the halves do not match
     */
    public static SigningKey ed25519(Secret text, SeedForm form) {
        return InsecureSecretAccess.use(
                text, bytes -> form == SeedForm.PEM ? edwards(read(bytes, null).key) : seed(bytes, form));
    }

    /**
     * Reads a private key in base64 without PEM's BEGIN and END lines.
     *
     * @throws KeyException when it is anything else, naming what it is
     */
    public static SigningKey pkcs8Base64(Secret text) {
        return read(text);
    }

    /** Whether the text holds a PEM block of any kind, and so is to be read with {@link #read(Secret)}. */
    public static boolean looksLikePem(Secret text) {
        return InsecureSecretAccess.use(text, PemText::holdsBlock);
    }

    /**
     * Whether the text is a PKCS#8 private key in base64 without PEM's BEGIN and END lines, and so is to be read with {@link #pkcs8Base64}.
     * Its structure tells, so a secret that merely is base64 is not taken for one.
     */
    public static boolean looksLikePkcs8(Secret text) {
        return InsecureSecretAccess.use(text, bytes -> {
            byte[] packed = PemText.packed(bytes);
            byte[] der = null;
            try {
                der = Base64Text.decode(packed, false, "the key");
                return KeyDer.parse(der)
                        .filter(structure -> KeyDer.kindOf(structure) == KeyDer.PKCS8)
                        .isPresent();
            } catch (KeyException e) {
                return false;
            } finally {
                Arrays.fill(packed, (byte) 0);
                if (der != null) {
                    Arrays.fill(der, (byte) 0);
                }
            }
        });
    }

    /** Whether the text is 32 or 64 bytes in this form, as an Ed25519 seed is; a secret may be so long too, so only the venue can tell. */
    public static boolean looksLikeSeed(Secret text, SeedForm form) {
        return InsecureSecretAccess.use(text, bytes -> {
            byte[] trimmed = PemText.trimmed(bytes);
            byte[] seed = null;
            try {
                if (form == SeedForm.PEM || trimmed.length == 0) {
                    return false;
                }
                seed = decoded(trimmed, form);
                return seed.length == 32 || seed.length == 64;
            } catch (KeyException e) {
                return false;
            } finally {
                Arrays.fill(trimmed, (byte) 0);
                if (seed != null) {
                    Arrays.fill(seed, (byte) 0);
                }
            }
        });
    }

    /**
     * Reads a public key: SubjectPublicKeyInfo or PKCS#1 (RSA), in PEM or in base64 of DER.
     *
     * @throws KeyException when it is anything else, naming what it is
     */
    public static PublicKey readPublic(String pemOrDerBase64) {
        byte[] text = PemText.trimmed(pemOrDerBase64.getBytes(StandardCharsets.UTF_8));
        if (PemText.holdsBlock(text)) {
            PemText.Block block = PemText.blocks(text).get(0);
            refuseLabel(block, "public");
            return publicKey(block.content());
        }
        refuseForeign(text, "public");
        return publicKey(Base64Text.decode(PemText.packed(text), false, "the public key"));
    }

    private static PublicKey publicKey(byte[] der) {
        ASN1Primitive structure = KeyDer.parse(der)
                .orElseThrow(() ->
                        new KeyException("the public key is damaged: what its base64 holds is not DER; copy it whole"));
        KeyDer kind = KeyDer.kindOf(structure);
        try {
            if (kind == KeyDer.PUBLIC_KEY) {
                return PublicKeys.of(SubjectPublicKeyInfo.getInstance(structure));
            }
            if (kind == KeyDer.RSA_PUBLIC_KEY) {
                RSAPublicKey numbers = RSAPublicKey.getInstance(structure);
                return PublicKeys.rsa(numbers.getModulus(), numbers.getPublicExponent());
            }
        } catch (KeyException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new KeyException("the public key is damaged: its numbers cannot be read");
        }
        throw new KeyException("wanted a public key, but this is " + kind.words() + nextStep(kind, "public"));
    }

    private static SigningKey edwards(SigningKey key) {
        if (key.kind() != KeyKind.ED25519) {
            throw new KeyException("wanted " + KeyKind.ED25519 + ", but this is " + key.kind());
        }
        return key;
    }

    private static SigningKey seed(byte[] text, SeedForm form) {
        byte[] trimmed = PemText.trimmed(text);
        byte[] decoded = new byte[0];
        try {
            if (PemText.holdsBlock(trimmed)) {
                throw new KeyException(
                        "wanted an Ed25519 seed in " + form.name().toLowerCase(Locale.ROOT)
                                + ", but this is PEM text; read it with KeyReader.read(text)");
            }
            if (trimmed.length == 0) {
                throw empty();
            }
            decoded = decoded(trimmed, form);
            return seed(decoded);
        } finally {
            Arrays.fill(trimmed, (byte) 0);
            Arrays.fill(decoded, (byte) 0);
        }
    }

    private static byte[] decoded(byte[] text, SeedForm form) {
        try {
            return switch (form) {
                case BASE64 -> Base64Text.decode(text, false, "Ed25519 seed");
                case BASE64URL -> Base64Text.decode(text, true, "Ed25519 seed");
                case HEX -> Codecs.hexDecode(after("0x", text));
                case BASE58 -> Codecs.base58Decode(after("ed25519:", text));
                case PEM -> throw new IllegalStateException("PEM is read elsewhere");
            };
        } catch (KeyException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new KeyException("Ed25519 seed " + e.getMessage());
        }
    }

    private static byte[] after(String prefix, byte[] text) {
        return PemText.startsWith(text, prefix) ? Arrays.copyOfRange(text, prefix.length(), text.length) : text;
    }

    private static SigningKey seed(byte[] bytes) {
        if (bytes.length != 32 && bytes.length != 64) {
            boolean envelope = KeyDer.parse(bytes)
                    .map(KeyDer::kindOf)
                    .filter(KeyDer::isPrivateKey)
                    .isPresent();
            throw new KeyException(
                    envelope
                            ? "wanted a bare Ed25519 seed, but this is a whole private key (DER); read it with"
                                    + " KeyReader.pkcs8Base64(text)"
                            : "an Ed25519 seed has 32 bytes, or 64 with its public key, but this has " + bytes.length);
        }
        byte[] seed = Arrays.copyOf(bytes, 32);
        try {
            return PrivateKeys.ed25519(seed, bytes.length == 64 ? Arrays.copyOfRange(bytes, 32, 64) : null);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    private static Found read(byte[] bytes, @Nullable Secret password) {
        Optional<ASN1Primitive> der = der(bytes);
        if (der.isPresent()) {
            return privateKey(der.get(), password);
        }
        byte[] text = PemText.trimmed(bytes);
        try {
            if (text.length == 0) {
                throw empty();
            }
            return PemText.holdsBlock(text) ? pem(text, password) : unarmoured(text, password);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    /** Binary DER. A secret from a file has lost one line break at its end, which in DER is no line break. */
    private static Optional<ASN1Primitive> der(byte[] bytes) {
        return KeyDer.parse(bytes).or(() -> withEnd(bytes, "\n")).or(() -> withEnd(bytes, "\r\n"));
    }

    private static Optional<ASN1Primitive> withEnd(byte[] bytes, String end) {
        byte[] whole = Arrays.copyOf(bytes, bytes.length + end.length());
        for (int i = 0; i < end.length(); i++) {
            whole[bytes.length + i] = (byte) end.charAt(i);
        }
        try {
            return KeyDer.parse(whole);
        } finally {
            Arrays.fill(whole, (byte) 0);
        }
    }

    private static KeyException empty() {
        return new KeyException("the private key is empty; look at where it is read from");
    }

    private static Found pem(byte[] text, @Nullable Secret password) {
        List<PemText.Block> blocks = PemText.blocks(text);
        try {
            List<PemText.Block> keys =
                    blocks.stream().filter(PemText.Block::isPrivateKey).toList();
            if (keys.size() > 1) {
                throw new KeyException(
                        "the PEM text holds " + keys.size() + " private keys; leave the one to sign with");
            }
            PemText.Block block = keys.isEmpty() ? blocks.get(0) : keys.get(0);
            refuseLabel(block, "private");
            if (block.label().equals(OPENSSH)) {
                return new Found(OpenSshKey.read(block.content(), password), "an OpenSSH");
            }
            ASN1Primitive structure = KeyDer.parse(block.content())
                    .orElseThrow(() -> PrivateKeys.damaged("what its PEM block holds is not DER, or not all of it"));
            return privateKey(structure, password);
        } finally {
            blocks.forEach(PemText.Block::wipe);
        }
    }

    /** Refuses what the label of a PEM block tells for certain; what is inside the others tells by its structure. */
    private static void refuseLabel(PemText.Block block, String wanted) {
        String label = block.label();
        if (label.equals(OPENSSH) && wanted.equals("public")) {
            throw new KeyException(
                    "wanted a public key, but this is an OpenSSH private key; take its public half with: "
                            + "ssh-keygen -e -m PKCS8");
        }
        if (label.startsWith("PGP ")) {
            throw new KeyException(
                    "wanted a " + wanted + " key, but this is a PGP block, which no venue signs with; make a new key");
        }
        if (label.equals("DSA PRIVATE KEY")) {
            throw new KeyException("wanted a " + wanted
                    + " key, but this is a DSA private key, which is not supported; " + "Ed25519, RSA and EC keys are");
        }
        if (block.oldEncryption()) {
            throw new KeyException("this is a private key encrypted in OpenSSL's old form (Proc-Type: 4,ENCRYPTED); "
                    + "convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem");
        }
    }

    private static Found unarmoured(byte[] text, @Nullable Secret password) {
        if (JsonWebKey.looksLikeOne(text)) {
            return new Found(JsonWebKey.read(text), "a JWK");
        }
        refuseForeign(text, "private");
        if (PemText.startsWith(text, 0x30, 0x82)) { // no text begins so
            throw PrivateKeys.damaged("it starts like DER but is not whole");
        }
        byte[] packed = PemText.packed(text);
        byte[] decoded = new byte[0];
        try {
            decoded = Base64Text.decode(packed, false, "text");
        } catch (KeyException e) {
            decoded = new byte[0]; // no base64, so no DER either
        }
        try {
            if (PemText.holdsBlock(decoded)) {
                throw new KeyException("this is PEM text encoded in base64 once more; decode it once with: base64 -d");
            }
            ASN1Primitive structure = KeyDer.parse(decoded).orElseThrow(KeyReader::plainText);
            return privateKey(structure, password);
        } finally {
            Arrays.fill(packed, (byte) 0);
            Arrays.fill(decoded, (byte) 0);
        }
    }

    private static KeyException plainText() {
        return new KeyException("this is not a private key but plain text, like an HMAC secret or a bare seed; use"
                + " SigningKey.hmac(secret) for an HMAC secret and KeyReader.ed25519(text, form) for an Ed25519"
                + " seed");
    }

    private static void refuseForeign(byte[] text, String wanted) {
        String found = foreign(text);
        if (found != null) {
            throw new KeyException("wanted a " + wanted + " key, but this is " + found);
        }
    }

    private static @Nullable String foreign(byte[] text) {
        if (PemText.isUtf16(text)) {
            return "text in UTF-16; save it as UTF-8";
        }
        if (PemText.startsWith(text, 0xFE, 0xED, 0xFE, 0xED)) {
            return "a JKS keystore; open it with keytool";
        }
        if (PemText.startsWith(text, "ssh-") || PemText.startsWith(text, "ecdsa-sha2-")) {
            return "an OpenSSH public key; take the private key, the file without .pub";
        }
        if (PemText.startsWith(text, "---- BEGIN SSH2")) {
            return "an SSH2 key; convert it with ssh-keygen -i";
        }
        if (PemText.startsWith(text, "PuTTY-User-Key-File")) {
            return "a PuTTY key; export it with: puttygen -O private-openssh-new";
        }
        if (PemText.startsWith(text, "{")) {
            return PemText.contains(text, "\"kty\"")
                    ? "a JSON Web Key; read it with KeyReader.read(text)"
                    : "JSON; give the value of its key field alone";
        }
        if (PemText.startsWith(text, "-----END ") || PemText.contains(text, "-----END ")) {
            return "PEM text without its BEGIN line; copy it whole";
        }
        return null;
    }

    private static Found privateKey(ASN1Primitive structure, @Nullable Secret password) {
        KeyDer kind = KeyDer.kindOf(structure);
        try {
            SigningKey key = switch (kind) {
                case PKCS8 -> PrivateKeys.of(PrivateKeyInfo.getInstance(structure));
                case PKCS1 -> PrivateKeys.rsa(RSAPrivateKey.getInstance(structure));
                case SEC1 -> PrivateKeys.ec(ECPrivateKey.getInstance(structure));
                case ENCRYPTED_PKCS8 -> encrypted(EncryptedPrivateKeyInfo.getInstance(structure), password);
                default ->
                    throw new KeyException(
                            "wanted a private key, but this is " + kind.words() + nextStep(kind, "private"));
            };
            return new Found(key, kind.form());
        } catch (KeyException e) {
            throw e;
        } catch (RuntimeException e) { // a parser's message may show what it read, so it ends here
            throw PrivateKeys.damaged("it looks like " + kind.words() + ", but its numbers cannot be read");
        }
    }

    private static SigningKey encrypted(EncryptedPrivateKeyInfo encrypted, @Nullable Secret password) {
        if (password == null) {
            throw new KeyException(
                    "this is an encrypted private key and no password is given; use KeyReader.read(text, password)");
        }
        return PrivateKeys.of(EncryptedKeys.open(encrypted, password));
    }

    private static String nextStep(KeyDer found, String wanted) {
        return switch (found) {
            case PUBLIC_KEY, RSA_PUBLIC_KEY -> "; give the private key that belongs to it";
            case CERTIFICATE ->
                wanted.equals("public")
                        ? "; take its public key with: openssl x509 -pubkey -noout"
                        : "; give the private key that belongs to it";
            case CERTIFICATE_REQUEST -> "; give the key that it was made from";
            case PKCS12 -> "; take its key with: openssl pkcs12 -nocerts";
            case CURVE_NAME -> "; the key itself is missing, copy the text whole";
            case PKCS8, PKCS1, SEC1, ENCRYPTED_PKCS8 -> "; take its public half with: openssl pkey -pubout";
            case UNKNOWN -> "; check that it is the right file";
        };
    }
}
