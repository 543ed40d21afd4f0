package io.intaglio.signing.verify;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.ReceivedRequest;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.ReplayGuard;
import io.intaglio.signing.standard.VerificationException;
import io.intaglio.signing.venue.Venue;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that the JDK signed by ECDSA, so that they cannot be made again: the public key decides, and nothing else than the signature may differ. */
class RandomisedSignatureTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final URI BASE = URI.create("https://gate.example");
    private static final Venue.Window WINDOW = Venue.Window.of(Duration.ofSeconds(5));
    private static final ReplayGuard ANY = (key, nonce, until) -> true;
    private static final String TEXT = "1700000000POST/orders{\"side\":\"sell\"}";

    private final KeyPair pair = pair();
    private final Credential credential = Credential.of("desk", SigningKey.of(pair.getPrivate()));

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] signedByTheJdk(String text) throws GeneralSecurityException {
        Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
        signer.initSign(pair.getPrivate());
        signer.update(text.getBytes(UTF_8));
        return signer.sign();
    }

    private static Scheme scheme(Part authorization) {
        return Scheme.named("test")
                .stamp(header("X-Time"), seconds())
                .preHash(seconds(), method(), path(), body())
                .hmac(Hash.SHA256, SecretForm.UTF8) // for keys of another kind
                .ecdsa(Hash.SHA256, EcdsaForm.RAW)
                .attach(header("X-Key"), keyId())
                .attach(header("Authorization"), authorization)
                .build();
    }

    private static final Scheme FRAMED = scheme(concat(literal("v1 "), base64(signature()), literal(" end")));

    private static ReceivedRequest received(String method, String path, String body, String authorization) {
        List<Field> headers = List.of(
                new Field("X-Time", "1700000000"),
                new Field("X-Key", "desk"),
                new Field("Content-Type", "application/json"),
                new Field("Authorization", authorization));
        return ReceivedRequest.of(BASE, method, path, headers, body.getBytes(UTF_8));
    }

    private static ReceivedRequest order(String authorization) {
        return received("POST", "/orders", "{\"side\":\"sell\"}", authorization);
    }

    private void assertGenuine(Scheme scheme, ReceivedRequest request) {
        Moment moment = Verifier.of(scheme).verify(request, credential, NOW, WINDOW, ANY);
        assertThat(moment.timestamp()).isEqualTo(NOW);
    }

    private void assertForged(ReceivedRequest request) {
        assertThatThrownBy(() -> Verifier.of(FRAMED).verify(request, credential, NOW, WINDOW, ANY))
                .as("%s", request.headers())
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("is not signed by this key");
    }

    @Test
    void verify_signatureOfTheJdk_passesInEveryEncoding() throws Exception {
        for (int i = 0; i < 20; i++) { // so that the two letters in which the alphabets of base64 differ occur
            byte[] proof = signedByTheJdk(TEXT);
            assertGenuine(scheme(hex(signature())), order(HexFormat.of().formatHex(proof)));
            assertGenuine(scheme(base64(signature())), order(Base64.getEncoder().encodeToString(proof)));
            assertGenuine(FRAMED, order("v1 " + Base64.getEncoder().encodeToString(proof) + " end"));
            assertGenuine(FRAMED, order("v1 " + Base64.getUrlEncoder().encodeToString(proof) + " end"));
        }
    }

    @Test
    void verify_signatureOfAnotherTextOrKey_isRefused() throws Exception {
        String proof = Base64.getEncoder().encodeToString(signedByTheJdk(TEXT + " "));
        assertForged(order("v1 " + proof + " end"));
        Signature other = Signature.getInstance("SHA256withECDSAinP1363Format");
        other.initSign(pair().getPrivate());
        other.update(TEXT.getBytes(UTF_8));
        assertForged(order("v1 " + Base64.getEncoder().encodeToString(other.sign()) + " end"));
    }

    @Test
    void verify_anythingBesideTheSignatureChanged_isRefused() throws Exception {
        String proof = Base64.getEncoder().encodeToString(signedByTheJdk(TEXT));
        for (String framed : List.of(
                "v2 " + proof + " end",
                "v1 " + proof + " enD",
                "v1 " + proof,
                proof + " end",
                proof,
                "v1 " + proof + " end ",
                "v1  end",
                "v1 end",
                "v1 en",
                "",
                "v1 *** end")) {
            assertForged(order(framed));
        }
        String good = "v1 " + proof + " end";
        assertForged(received("PUT", "/orders", "{\"side\":\"sell\"}", good));
        assertForged(received("POST", "/Orders", "{\"side\":\"sell\"}", good));
        assertForged(received("POST", "/orders", "{\"side\":\"buy!\"}", good));
        // the genuine one, with a header of the scheme changed that it does not sign
        List<Field> headers = new ArrayList<>(order(good).headers());
        headers.set(1, new Field("X-Key", "desk-2"));
        assertForged(
                ReceivedRequest.of(BASE, "POST", "/orders", headers, order(good).body()));
    }

    @Test
    void verify_schemeThatSendsNoSignature_isRefused() {
        Scheme silent = Scheme.named("silent")
                .stamp(header("X-Time"), seconds())
                .preHash(seconds(), method(), path())
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .attach(header("X-Key"), keyId())
                .build();
        Credential secret = Credential.hmac("desk", Secret.takeOver("s3cr3t".getBytes(UTF_8)));
        assertThatThrownBy(() ->
                        Verifier.of(silent).verify(received("GET", "/orders", "", "none"), secret, NOW, WINDOW, ANY))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("is not signed by this key");
    }

    /** Without a nonce of its own a request counts once by the hash of what was signed; without a time, for ever. */
    @Test
    void verify_noNonce_asksTheGuardForTheHashOfWhatWasSigned() throws Exception {
        String proof = "v1 " + Base64.getEncoder().encodeToString(signedByTheJdk(TEXT)) + " end";
        List<String> asked = new ArrayList<>();
        ReplayGuard noting = (key, nonce, until) -> asked.add(key + " " + nonce + " " + until);
        Verifier.of(FRAMED).verify(order(proof), credential, NOW, WINDOW, noting);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(TEXT.getBytes(UTF_8));
        assertThat(asked).containsExactly("desk " + HexFormat.of().formatHex(hash) + " " + NOW.plusSeconds(5));
    }

    @Test
    void verify_schemeWithoutATime_isRememberedForEver() throws Exception {
        Scheme timeless = Scheme.named("timeless")
                .preHash(method(), path())
                .ecdsa(Hash.SHA256, EcdsaForm.RAW)
                .attach(header("Authorization"), hex(signature()))
                .build();
        List<Instant> ends = new ArrayList<>();
        ReceivedRequest request =
                received("GET", "/orders", "", HexFormat.of().formatHex(signedByTheJdk("GET/orders")));
        Verifier.of(timeless).verify(request, credential, NOW, WINDOW, (key, nonce, until) -> ends.add(until));
        assertThat(ends).containsExactly(Instant.MAX);

        // a caller who says when it was signed has that held against the window
        assertThatThrownBy(() -> Verifier.of(timeless)
                        .momentFrom(received -> Moment.at(NOW.minusSeconds(6)))
                        .verify(request, credential, NOW, WINDOW, ANY))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("is stale");
    }

    @Test
    void guard_timePasses_forgetsWhatHasRunOutAndNothingElse() {
        Instant[] now = {NOW};
        MemoryReplayGuard guard = new MemoryReplayGuard(2, () -> now[0]);
        guard.firstUse("a", "1", NOW.plusSeconds(10));
        guard.firstUse("b", "1", NOW.plusSeconds(20));
        now[0] = NOW.plusSeconds(11);
        assertThat(guard.firstUse("b", "1", NOW.plusSeconds(20))).isFalse();
        assertThat(guard.firstUse("a", "1", NOW.plusSeconds(21))).isTrue();
    }

    @Test
    void guard_roomForOne_remembersOne() {
        MemoryReplayGuard guard = new MemoryReplayGuard(1, () -> NOW);
        assertThat(guard.firstUse("a", "1", NOW)).isTrue();
        assertThat(guard.firstUse("a", "1", NOW)).isFalse();
        assertThatThrownBy(() -> new MemoryReplayGuard(0, () -> NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity must be at least 1, was 0");
    }
}
