package io.intaglio.signing.secret;

import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;

/** What a keystore asks for before it can be opened: looked for in all that is not encrypted. */
final class KeystoreCost {
    private static final long MAX_ITERATIONS = 1_000_000;
    private static final long MAX_SCRYPT_BYTES = 1L << 28;
    private static final int MAX_DEPTH = 40;
    private static final String PBKDF2 = "1.2.840.113549.1.5.12";
    private static final String SCRYPT = "1.3.6.1.4.1.11591.4.11";
    private static final String PKCS12_PBE = "1.2.840.113549.1.12.1.";

    private final String subject;

    private KeystoreCost(String subject) {
        this.subject = subject;
    }

    /** @throws SecretException when the content is no whole DER or asks for too much */
    static void check(byte[] content, String subject) {
        ASN1Primitive structure;
        try {
            structure = ASN1Primitive.fromByteArray(content);
            new KeystoreCost(subject).walk(structure, 0);
        } catch (SecretException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // inner parts are read late, so damage shows here too
            throw new SecretException(subject + " is damaged: it is not whole DER; restore it from its backup");
        }
    }

    private void walk(ASN1Encodable node, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("nested too deeply");
        }
        if (node instanceof ASN1Sequence sequence) {
            look(sequence);
            for (ASN1Encodable child : sequence) {
                walk(child, depth + 1);
            }
        } else if (node instanceof ASN1Set set) {
            for (ASN1Encodable child : set) {
                walk(child, depth + 1);
            }
        } else if (node instanceof ASN1TaggedObject tagged) {
            walk(tagged.getBaseObject(), depth + 1);
        } else if (node instanceof ASN1OctetString octets && octets.getOctetsLength() > 2) {
            byte[] inner = octets.getOctets();
            if (inner[0] == 0x30) { // may also be encrypted bytes that happen to begin so
                try {
                    walk(ASN1Primitive.fromByteArray(inner), depth + 1);
                } catch (IOException | IllegalArgumentException | IllegalStateException e) {
                    if (e instanceof SecretException refusal) {
                        throw refusal;
                    }
                }
            }
        }
    }

    private void look(ASN1Sequence sequence) {
        int size = sequence.size();
        if (size >= 2
                && sequence.getObjectAt(0) instanceof ASN1ObjectIdentifier oid
                && sequence.getObjectAt(1) instanceof ASN1Sequence parameters) {
            if (oid.getId().equals(PBKDF2) || oid.getId().startsWith(PKCS12_PBE)) {
                iterations(parameters.getObjectAt(1));
            } else if (oid.getId().equals(SCRYPT)) {
                scrypt(number(parameters.getObjectAt(1)), number(parameters.getObjectAt(2)));
            }
        }
        // PKCS#12's MacData: a digest, a salt and the iterations
        if (size == 3
                && sequence.getObjectAt(0) instanceof ASN1Sequence
                && sequence.getObjectAt(1) instanceof ASN1OctetString
                && sequence.getObjectAt(2) instanceof ASN1Integer) {
            iterations(sequence.getObjectAt(2));
        }
    }

    private static BigInteger number(ASN1Encodable value) {
        return ASN1Integer.getInstance(value).getValue();
    }

    private void iterations(ASN1Encodable value) {
        BigInteger wanted = number(value);
        if (wanted.signum() <= 0 || wanted.compareTo(BigInteger.valueOf(MAX_ITERATIONS)) > 0) {
            throw new SecretException(subject + " asks for " + shown(wanted) + " iterations, but at most "
                    + MAX_ITERATIONS + " are done; write it again with fewer");
        }
    }

    private void scrypt(BigInteger n, BigInteger r) {
        BigInteger memory = n.multiply(r).shiftLeft(7);
        if (n.signum() <= 0 || r.signum() <= 0 || memory.compareTo(BigInteger.valueOf(MAX_SCRYPT_BYTES)) > 0) {
            throw new SecretException(subject + " asks for scrypt with N " + shown(n) + " and r " + shown(r)
                    + ", but at most 256 MiB are spent; write it again with less");
        }
    }

    private static String shown(BigInteger number) {
        return number.bitLength() > 63 ? "over 2^63" : number.toString();
    }
}
