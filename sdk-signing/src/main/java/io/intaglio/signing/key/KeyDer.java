package io.intaglio.signing.key;

import java.io.IOException;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;

/** What a piece of DER is, told by its structure alone: labels and file names lie. */
enum KeyDer {
    PKCS8("a PKCS#8 private key"),
    PKCS1("an RSA private key (PKCS#1)"),
    SEC1("an EC private key (SEC 1)"),
    ENCRYPTED_PKCS8("an encrypted private key"),
    PUBLIC_KEY("a public key"),
    RSA_PUBLIC_KEY("an RSA public key (PKCS#1)"),
    CERTIFICATE("a certificate"),
    CERTIFICATE_REQUEST("a certificate request"),
    PKCS12("a PKCS#12 keystore"),
    CURVE_NAME("the name of a curve"),
    UNKNOWN("a structure that is no key");

    private final String words;

    KeyDer(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** The form of a private key, whatever its kind, with an article. */
    String form() {
        return switch (this) {
            case PKCS1 -> "a PKCS#1";
            case SEC1 -> "a SEC1";
            default -> "a PKCS#8";
        };
    }

    boolean isPrivateKey() {
        return this == PKCS8 || this == PKCS1 || this == SEC1 || this == ENCRYPTED_PKCS8;
    }

    /** The structure when the bytes are exactly one DER sequence. */
    static Optional<ASN1Primitive> parse(byte[] bytes) {
        if (bytes.length < 2 || (bytes[0] != 0x30 && bytes[0] != 0x06)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ASN1Primitive.fromByteArray(bytes));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    static KeyDer kindOf(ASN1Primitive structure) {
        try {
            return sniffed(structure);
        } catch (RuntimeException e) {
            return UNKNOWN; // inner parts are read late, so this is where they turn out to be damaged
        }
    }

    private static KeyDer sniffed(ASN1Primitive structure) {
        if (structure instanceof ASN1ObjectIdentifier) {
            return CURVE_NAME;
        }
        if (!(structure instanceof ASN1Sequence sequence) || sequence.size() < 2) {
            return UNKNOWN;
        }
        ASN1Encodable first = sequence.getObjectAt(0);
        ASN1Encodable second = sequence.getObjectAt(1);
        return first instanceof ASN1Integer version
                ? versioned(version, second, sequence)
                : unversioned(first, second, sequence);
    }

    private static KeyDer versioned(ASN1Integer version, ASN1Encodable second, ASN1Sequence sequence) {
        if (second instanceof ASN1Integer) {
            return sequence.size() == 2 ? RSA_PUBLIC_KEY : sequence.size() >= 9 ? PKCS1 : UNKNOWN;
        }
        if (second instanceof ASN1OctetString) {
            return SEC1;
        }
        if (second instanceof ASN1Sequence
                && sequence.size() >= 3
                && sequence.getObjectAt(2) instanceof ASN1OctetString) {
            return PKCS8;
        }
        return version.hasValue(3) && second instanceof ASN1Sequence ? PKCS12 : UNKNOWN;
    }

    private static KeyDer unversioned(ASN1Encodable first, ASN1Encodable second, ASN1Sequence sequence) {
        if (!(first instanceof ASN1Sequence head)) {
            return UNKNOWN;
        }
        if (second instanceof ASN1BitString) {
            return PUBLIC_KEY;
        }
        if (second instanceof ASN1OctetString) {
            return ENCRYPTED_PKCS8;
        }
        boolean signed = sequence.size() == 3
                && second instanceof ASN1Sequence
                && sequence.getObjectAt(2) instanceof ASN1BitString;
        if (!signed) {
            return UNKNOWN;
        }
        boolean request = head.size() == 4 && head.getObjectAt(3) instanceof ASN1TaggedObject;
        return request ? CERTIFICATE_REQUEST : CERTIFICATE;
    }
}
