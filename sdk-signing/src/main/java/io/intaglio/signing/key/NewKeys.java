package io.intaglio.signing.key;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Set;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;

/** Makes new keys. */
final class NewKeys {
    static final int RSA_BITS = 2048;
    private static final Set<Integer> RSA_SIZES = Set.of(RSA_BITS, 3072, 4096);

    private NewKeys() {}

    static SigningKey of(KeyKind kind, int rsaBits) {
        return switch (kind) {
            case ED25519 -> ed25519();
            case RSA -> rsa(rsaBits);
            case EC_P256 -> ec(EcCurve.P256);
            case EC_P384 -> ec(EcCurve.P384);
            case EC_SECP256K1 -> ec(EcCurve.SECP256K1);
            case SECRET ->
                throw new KeyException("an HMAC secret is made by the venue, not here; create an API key there");
        };
    }

    private static SigningKey ed25519() {
        byte[] seed = new byte[32];
        new SecureRandom().nextBytes(seed);
        try {
            return SigningKey.ed25519(seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    private static SigningKey rsa(int bits) {
        if (!RSA_SIZES.contains(bits)) {
            throw new KeyException("an RSA key of " + bits + " bits is not made; 2048, 3072 and 4096 are");
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4), new SecureRandom());
            return SigningKey.of(generator.generateKeyPair().getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no RSA keys", e);
        }
    }

    private static SigningKey ec(EcCurve curve) {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(curve.domain(), new SecureRandom()));
        ECPrivateKeyParameters made =
                (ECPrivateKeyParameters) generator.generateKeyPair().getPrivate();
        return PrivateKeys.ec(new ECPrivateKey(curve.domain().getN().bitLength(), made.getD(), curve.oid()));
    }
}
