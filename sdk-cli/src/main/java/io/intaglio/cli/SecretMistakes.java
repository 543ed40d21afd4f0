package io.intaglio.cli;

import io.intaglio.signing.Credential;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.Venue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The same secret decoded in every way but the right one. */
final class SecretMistakes {
    private SecretMistakes() {}

    /** Credentials that sign with the bytes a mistaken client would use, by what the mistake is. */
    static Map<String, Credential> of(Venue venue, Credential right, Secret text) {
        SecretForm form = venue.scheme().algorithms().stream()
                .filter(algorithm -> algorithm.accepts(KeyKind.SECRET))
                .flatMap(algorithm -> algorithm.secretForm().stream())
                .findFirst()
                .orElse(null);
        Map<String, Credential> mistakes = new LinkedHashMap<>();
        if (form == null || right.key().map(SigningKey::kind).orElse(KeyKind.ED25519) != KeyKind.SECRET) {
            return mistakes;
        }
        String wanted = switch (form) {
            case BASE64, BASE64URL -> "; this venue wants it base64-decoded";
            case HEX -> "; this venue wants it hex-decoded";
            case UPPER_CASE_TEXT -> "; this venue wants its text in upper case";
            case BASE64_OF_TEXT -> "; this venue wants the base64 of its text";
            case AWS4_TEXT -> "; this venue wants its text behind AWS4";
            case UTF8 -> "; this venue wants its text as it is";
        };
        keys(form, InsecureSecretAccess.copyBytes(text))
                .forEach((mistake, key) -> textFor(form, key)
                        .ifPresent(secret -> mistakes.put(
                                mistake + wanted, right.withKey(SigningKey.hmac(Secret.takeOver(secret))))));
        return mistakes;
    }

    private static Map<String, byte[]> keys(SecretForm right, byte[] raw) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        String plain = new String(raw, StandardCharsets.UTF_8).strip();
        if (right != SecretForm.UTF8) {
            keys.put("the secret was used as text", raw);
        }
        if (right != SecretForm.BASE64 && right != SecretForm.BASE64URL) {
            try {
                keys.put("the secret was base64-decoded", Base64.getDecoder().decode(plain));
            } catch (IllegalArgumentException notBase64) {
                // nobody can have decoded it so
            }
        }
        if (right != SecretForm.HEX) {
            try {
                keys.put("the secret was hex-decoded", HexFormat.of().parseHex(plain));
            } catch (IllegalArgumentException notHex) {
                // nobody can have decoded it so
            }
        }
        keys.values().removeIf(key -> key.length == 0);
        return keys;
    }

    /** A secret's text that the venue's rule turns into this key. */
    private static Optional<byte[]> textFor(SecretForm form, byte[] key) {
        return switch (form) {
            case UTF8 -> Optional.of(key);
            case BASE64 -> Optional.of(Base64.getEncoder().encode(key));
            case BASE64URL -> Optional.of(Base64.getUrlEncoder().encode(key));
            case HEX -> Optional.of(HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII));
            case BASE64_OF_TEXT, UPPER_CASE_TEXT, AWS4_TEXT -> Optional.empty();
        };
    }
}
