package io.intaglio.signing.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.intaglio.signing.key.KeyException;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import java.util.Base64;

/** PEM, DER, OpenSSH, JWK and seeds: any bytes are read as a key or refused by {@link KeyException}. */
class KeyReaderFuzzTest {
    private static final String[] LABELS = {
        "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PUBLIC KEY"
    };

    @FuzzTest(maxDuration = "5m")
    void read_anyBytes_isReadOrRefused(FuzzedDataProvider data) {
        int form = data.consumeInt(0, 5);
        String label = data.pickValue(LABELS);
        byte[] bytes = data.consumeRemainingAsBytes();
        byte[] pem = ("-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END "
                        + label + "-----\n")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try {
            switch (form) {
                case 0 -> close(KeyReader.read(Secret.takeOver(bytes)));
                case 1 -> close(KeyReader.read(Secret.takeOver(pem)));
                case 2 -> close(KeyReader.pkcs8Base64(Secret.takeOver(Base64.getEncoder().encode(bytes))));
                case 3 -> close(KeyReader.ed25519(Secret.takeOver(bytes), KeyReader.SeedForm.BASE64));
                case 4 -> KeyReader.readPublic(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
                default -> KeyReader.readPublic(new String(pem, java.nio.charset.StandardCharsets.US_ASCII));
            }
        } catch (KeyException refused) {
            // as declared
        }
    }

    private static void close(SigningKey key) {
        key.close();
    }
}
