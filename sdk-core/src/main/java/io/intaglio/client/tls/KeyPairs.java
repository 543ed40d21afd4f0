package io.intaglio.client.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/** Whether a private and a public key belong together: what one signs, the other verifies. */
final class KeyPairs {
    private static final byte[] SAMPLE = {1, 2, 3, 4, 5, 6, 7, 8};

    private KeyPairs() {}

    static boolean match(PrivateKey key, PublicKey other) {
        String algorithm = switch (other.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "DSA" -> "SHA256withDSA";
            default -> other.getAlgorithm();
        };
        try {
            Signature signer = signature(algorithm);
            signer.initSign(key);
            signer.update(SAMPLE);
            byte[] signature = signer.sign();
            Signature verifier = signature(algorithm);
            verifier.initVerify(other);
            verifier.update(SAMPLE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private static Signature signature(String algorithm) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        if (algorithm.equals("RSASSA-PSS")) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        return signature;
    }
}
