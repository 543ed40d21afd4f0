package io.intaglio.cli;

import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a public key is written for the one who takes it. */
enum PublicKeyForm {
    /** SubjectPublicKeyInfo in PEM, as OpenSSL writes it and most venues take it. */
    PEM,
    /** SubjectPublicKeyInfo in base64, without PEM's lines. */
    DER_BASE64,
    /** The bare key in base64: 32 bytes of Ed25519, the uncompressed point of EC. */
    RAW_BASE64,
    /** The bare key in hex. */
    RAW_HEX;

    /**
     * Venues that want another form than PEM. Backpack: "Base64 encoded verifying key"; Robinhood: the base64 of the raw key.
     *
     * @see <a href="https://docs.backpack.exchange/#section/Authentication">Backpack</a>
     * @see <a href="https://docs.robinhood.com/crypto/trading/#section/Getting-Started">Robinhood</a>
     */
    private static final Map<String, PublicKeyForm> OTHERS = Map.of("backpack", RAW_BASE64, "robinhood", RAW_BASE64);

    static PublicKeyForm of(@Nullable String venueName) {
        Venue venue = venueName == null ? null : Venues.named(venueName);
        return venue == null ? PEM : OTHERS.getOrDefault(venue.name(), PEM);
    }

    String write(SigningKey key) {
        byte[] der = key.publicKey()
                .orElseThrow(() -> new IllegalArgumentException("this is " + key.kind() + ", which has no public key"))
                .getEncoded();
        return switch (this) {
            case PEM ->
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END PUBLIC KEY-----";
            case DER_BASE64 -> Base64.getEncoder().encodeToString(der);
            case RAW_BASE64 -> Base64.getEncoder().encodeToString(key.rawPublicKey());
            case RAW_HEX -> HexFormat.of().formatHex(key.rawPublicKey());
        };
    }

    /** SHA-256 of SubjectPublicKeyInfo in hex: the same number for one key in all forms. */
    static String fingerprint(SigningKey key) {
        byte[] der = key.publicKey().orElseThrow().getEncoded();
        try {
            return "SHA256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
