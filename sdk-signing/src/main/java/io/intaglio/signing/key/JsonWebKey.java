package io.intaglio.signing.key;

import io.intaglio.signing.secret.Secret;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A JSON Web Key (RFC 7517, 7518, 8037): OKP, EC, RSA and oct. Reads the text itself, on bytes that can be wiped,
 * because a JSON library keeps what it reads in strings and in buffers that live on.
 */
final class JsonWebKey {
    private static final int MAX_DEPTH = 16;

    private final Map<String, byte[]> texts = new LinkedHashMap<>();
    private final byte[] json;
    private int at;

    private JsonWebKey(byte[] json) {
        this.json = json;
    }

    /** Whether it is a JSON object with the member {@code kty}, so that it is meant to be such a key. */
    static boolean looksLikeOne(byte[] text) {
        return PemText.startsWith(text, "{") && PemText.contains(text, "\"kty\"");
    }

    static SigningKey read(byte[] json) {
        JsonWebKey key = new JsonWebKey(json);
        try {
            key.members();
            return key.signingKey();
        } finally {
            key.texts.values().forEach(text -> Arrays.fill(text, (byte) 0));
        }
    }

    // ---- meaning

    private SigningKey signingKey() {
        if (texts.isEmpty() || !texts.containsKey("kty")) {
            throw new KeyException("this is a set of JSON Web Keys or holds one inside; give the one key alone");
        }
        String type = shortText("kty");
        return switch (type) {
            case "OKP" -> edwards();
            case "EC" -> ec();
            case "RSA" -> rsa();
            case "oct" -> SigningKey.hmac(Secret.takeOver(bytes("k")));
            default ->
                throw new KeyException(
                        "the JSON Web Key is of the type " + type + ", but OKP, EC, RSA and oct are supported");
        };
    }

    private SigningKey edwards() {
        String curve = shortText("crv");
        if (!curve.equals("Ed25519")) {
            throw new KeyException("the JSON Web Key is on the curve " + curve + ", but Ed25519 is supported");
        }
        byte[] seed = privateBytes();
        try {
            return PrivateKeys.ed25519(seed, texts.containsKey("x") ? bytes("x") : null);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    private SigningKey ec() {
        String name = shortText("crv");
        EcCurve curve = switch (name) {
            case "P-256" -> EcCurve.P256;
            case "P-384" -> EcCurve.P384;
            case "secp256k1" -> EcCurve.SECP256K1;
            default ->
                throw new KeyException(
                        "the JSON Web Key is on the curve " + name + ", but P-256, P-384 and secp256k1 are supported");
        };
        byte[] scalar = privateBytes();
        byte[] x = bytes("x");
        byte[] y = bytes("y");
        int length = curve.scalarLength();
        if (scalar.length != length || x.length != length || y.length != length) {
            throw PrivateKeys.damaged("d, x and y of its JSON Web Key must have " + length + " bytes each");
        }
        byte[] point = new byte[1 + 2 * length];
        point[0] = 4; // uncompressed
        System.arraycopy(x, 0, point, 1, length);
        System.arraycopy(y, 0, point, 1 + length, length);
        try {
            ECPrivateKey key =
                    new ECPrivateKey(8 * length, new BigInteger(1, scalar), new DERBitString(point), curve.oid());
            return PrivateKeys.ec(key, new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve.oid()));
        } catch (KeyException e) {
            throw e;
        } catch (RuntimeException e) { // the point is not on the curve; a parser's message may show what it read
            throw PrivateKeys.damaged("x and y of its JSON Web Key are no point of the curve " + name);
        } finally {
            Arrays.fill(scalar, (byte) 0);
        }
    }

    private SigningKey rsa() {
        BigInteger exponent = number(privateBytes());
        return PrivateKeys.rsa(new RSAPrivateKey(
                number(bytes("n")),
                number(bytes("e")),
                exponent,
                number(bytes("p")),
                number(bytes("q")),
                number(bytes("dp")),
                number(bytes("dq")),
                number(bytes("qi"))));
    }

    private static BigInteger number(byte[] bytes) {
        BigInteger number = new BigInteger(1, bytes);
        Arrays.fill(bytes, (byte) 0);
        return number;
    }

    private byte[] privateBytes() {
        if (!texts.containsKey("d")) {
            throw new KeyException("wanted a private key, but this is a public JSON Web Key: it has no member d; "
                    + "give the private key that belongs to it");
        }
        return bytes("d");
    }

    private byte[] bytes(String name) {
        return Base64Text.decode(needed(name), true, "the member " + name + " of the JSON Web Key");
    }

    private byte[] needed(String name) {
        return Optional.ofNullable(texts.get(name))
                .orElseThrow(() -> PrivateKeys.damaged("its JSON Web Key has no member " + name + " that is text"));
    }

    /** A member that is no secret and short, or dots: it is shown in messages, and a damaged one could hold anything. */
    private String shortText(String name) {
        byte[] text = needed(name);
        StringBuilder shown = new StringBuilder();
        for (byte c : text) {
            shown.append((char) (c & 127));
        }
        return shown.length() <= 10 && shown.toString().matches("[A-Za-z0-9-]+") ? shown.toString() : "...";
    }

    // ---- text

    /** Reads one object and keeps those of its members that are text. */
    private void members() {
        next('{');
        if (peek() != '}') {
            do {
                byte[] name = string();
                next(':');
                if (peek() == '"') {
                    byte[] value = string();
                    StringBuilder key = new StringBuilder();
                    for (byte c : name) {
                        key.append((char) (c & 255));
                    }
                    if (texts.put(key.toString(), value) != null) {
                        throw fault("has a member twice");
                    }
                } else {
                    skipValue(0);
                }
            } while (more('}'));
        }
        next('}');
        blanks();
        if (at != json.length) {
            throw fault("goes on after its end");
        }
    }

    private void skipValue(int depth) {
        int c = peek();
        if (depth > MAX_DEPTH) {
            throw fault("is nested too deeply");
        }
        if (c == '"') {
            string();
        } else if (c == '{' || c == '[') {
            char end = c == '{' ? '}' : ']';
            at++;
            if (peek() != end) {
                do {
                    if (c == '{') {
                        string();
                        next(':');
                    }
                    skipValue(depth + 1);
                } while (more(end));
            }
            next(end);
        } else {
            int from = at;
            while (at < json.length && (Character.isLetterOrDigit(json[at]) || "+-.".indexOf(json[at]) >= 0)) {
                at++;
            }
            if (at == from) {
                throw fault("is damaged");
            }
        }
    }

    /** The raw bytes between the quotes. An escape stays as it is: no member that is read may hold one. */
    private byte[] string() {
        next('"');
        int from = at;
        while (at < json.length && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        if (at >= json.length) {
            throw fault("ends early");
        }
        return Arrays.copyOfRange(json, from, at++);
    }

    private boolean more(char end) {
        int c = peek();
        if (c == ',') {
            at++;
            return true;
        }
        if (c != end) {
            throw fault(c < 0 ? "ends early" : "is damaged");
        }
        return false;
    }

    private void next(char wanted) {
        int c = peek();
        if (c != wanted) {
            throw fault(c < 0 ? "ends early" : "is damaged");
        }
        at++;
    }

    private int peek() {
        blanks();
        return at < json.length ? json[at] : -1;
    }

    private void blanks() {
        while (at < json.length && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
    }

    private KeyException fault(String what) {
        return new KeyException("the JSON Web Key " + what + " at byte " + (at + 1) + "; copy it whole");
    }
}
