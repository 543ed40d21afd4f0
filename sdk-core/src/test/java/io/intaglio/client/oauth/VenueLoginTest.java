package io.intaglio.client.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.intaglio.client.NotSentException;
import io.intaglio.client.RejectedException;
import io.intaglio.client.RetryPolicy;
import io.intaglio.client.VenueClient;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Bullish;
import io.intaglio.signing.venue.Deribit;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.VirtualClock;
import java.net.URI;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log-ons of Bullish and Deribit as their documents describe them, checked by plain JDK code. */
class VenueLoginTest {
    private static final byte[] SECRET = "s3cret".getBytes(UTF_8);

    private final VirtualClock clock = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final MockWebServer server = new MockWebServer();
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private volatile String token = "none yet";
    private volatile boolean refusesLogins;
    private volatile boolean refusesTokens;

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** @return empty when it is no log-on */
    private interface LoginCheck {
        boolean isGenuine(RecordedRequest request) throws Exception;
    }

    private void serve(String loginPath, LoginCheck check, String answer) {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                try {
                    if (request.getTarget().startsWith(loginPath)) {
                        if (refusesLogins || !check.isGenuine(request)) {
                            return json(401, "{\"errorCode\":\"8401\",\"error\":{\"code\":13004}}");
                        }
                        token = "jwt." + logins.incrementAndGet();
                        return json(200, answer.replace("TOKEN", token));
                    }
                    if (refusesTokens
                            || !("Bearer " + token).equals(request.getHeaders().get("Authorization"))) {
                        return json(
                                401,
                                "{\"message\":\"no access with "
                                        + request.getHeaders().get("Authorization") + "\"}");
                    }
                    served.incrementAndGet();
                    return json(200, "{\"ok\":true}");
                } catch (Exception e) {
                    return json(500, "{}");
                }
            }
        });
    }

    private static MockResponse json(int status, String body) {
        return new MockResponse.Builder().code(status).body(body).build();
    }

    private VenueClient client(Venue venue, Credential credential) {
        return VenueClient.builder(venue.at(URI.create("http://localhost:" + server.getPort()))
                        .withoutLimits())
                .credential(credential)
                .clock(VenueClock.of(clock, clock.ticker()))
                .sleeper(clock::sleep)
                .build();
    }

    private static String hmac(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    }

    private void serveBullishHmac() {
        serve(
                "/trading-api/v1/users/hmac/login",
                request -> {
                    String text = request.getHeaders().get("BX-TIMESTAMP")
                            + request.getHeaders().get("BX-NONCE") + "GET/trading-api/v1/users/hmac/login";
                    return hmac(text).equals(request.getHeaders().get("BX-SIGNATURE"))
                            && "HMAC-key-1".equals(request.getHeaders().get("BX-PUBLIC-KEY"));
                },
                "{\"authorizer\":\"03E02367E8C900000500000000000000\",\"token\":\"TOKEN\"}");
    }

    private static Credential hmacKey() {
        return Credential.hmac("HMAC-key-1", Secret.of(SECRET));
    }

    @Test
    void bullish_hmacKey_logsOnOnceADay() {
        serveBullishHmac();
        try (VenueClient client = client(Bullish.VENUE, hmacKey())) {
            client.send(ApiRequest.get("/trading-api/v1/accounts/trading-accounts"));
            clock.advance(Duration.ofHours(23));
            client.send(ApiRequest.post("/trading-api/v2/orders").json("side", "BUY"));
            assertThat(logins).hasValue(1);
            clock.advance(Duration.ofHours(1));
            client.send(ApiRequest.get("/trading-api/v1/accounts/trading-accounts"));
        }
        assertThat(logins).hasValue(2);
        assertThat(served).hasValue(3);
    }

    @Test
    void bullish_ecdsaKey_logsOnWithASignedPayload() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Pattern payload =
                Pattern.compile("\"signature\":\"([^\"]+)\".*\"loginPayload\":(\\{.*\\})\\}$", Pattern.DOTALL);
        serve(
                "/trading-api/v2/users/login",
                request -> {
                    Matcher found = payload.matcher(
                            java.util.Objects.requireNonNull(request.getBody()).utf8());
                    if (!found.find()) {
                        return false;
                    }
                    Signature verifier = Signature.getInstance("SHA256withECDSA");
                    verifier.initVerify(pair.getPublic());
                    verifier.update(found.group(2).getBytes(UTF_8));
                    return verifier.verify(Base64.getDecoder().decode(found.group(1)))
                            && found.group(2).contains("\"userId\":\"100008771\"");
                },
                "{\"authorizer\":\"x\",\"token\":\"TOKEN\"}");
        Credential key =
                Credential.of("PUB_R1_key", SigningKey.of(pair.getPrivate())).with("userId", "100008771");
        try (VenueClient client = client(Bullish.VENUE, key)) {
            client.send(ApiRequest.get("/trading-api/v1/accounts/trading-accounts"));
        }
        assertThat(logins).hasValue(1);
        assertThat(served).hasValue(1);
    }

    @Test
    void bullish_tokenIsRefused_logsOnAgainOnce() {
        serveBullishHmac();
        try (VenueClient client = client(Bullish.VENUE, hmacKey())) {
            client.send(ApiRequest.get("/trading-api/v1/accounts/trading-accounts"));
            token = "another";
            assertThat(client.send(ApiRequest.get("/trading-api/v1/accounts/trading-accounts"))
                            .attempts())
                    .isEqualTo(2);
        }
        assertThat(logins).hasValue(2);
    }

    @Test
    void bullish_venueRepeatsTheToken_isNotInTheMessage() {
        serveBullishHmac();
        refusesTokens = true;
        try (VenueClient client = client(Bullish.VENUE, hmacKey())) {
            RejectedException refusal = catchThrowableOfType(
                    RejectedException.class,
                    () -> client.send(ApiRequest.get("/trading-api/v1/accounts/trading-accounts")));
            assertThat(refusal)
                    .hasMessageContaining("no access with Bearer [token]")
                    .hasMessageNotContaining("jwt.");
        }
        assertThat(logins).as("once more, and no further").hasValue(2);
    }

    @Test
    void bullish_logOnIsRefused_isNotSentAndSaysWhy() {
        serveBullishHmac();
        refusesLogins = true;
        try (VenueClient client = client(Bullish.VENUE, hmacKey())) {
            NotSentException failure = catchThrowableOfType(
                    NotSentException.class,
                    () -> client.send(ApiRequest.get("/trading-api/v1/accounts/trading-accounts")));
            assertThat(failure.reason()).isEqualTo(NotSentException.Reason.TOKEN);
            assertThat(failure).hasMessageContaining("HTTP 401 8401").hasMessageNotContaining("HMAC-key-1");
        }
        assertThat(served).hasValue(0);
    }

    @Test
    void bullish_publicCall_logsNobodyOn() {
        serve("/trading-api/v1/users/hmac/login", request -> true, "{}");
        try (VenueClient client = VenueClient.builder(
                        Bullish.VENUE.at(URI.create("http://localhost:" + server.getPort())))
                .credential(hmacKey())
                .retry(RetryPolicy.standard().withMaxAttempts(1))
                .build()) {
            catchThrowableOfType(RejectedException.class, () -> client.send(ApiRequest.get("/trading-api/v1/markets")));
        }
        assertThat(logins).hasValue(0);
    }

    private void serveDeribit() {
        serve(
                "/api/v2/public/auth",
                request -> {
                    Matcher fields = Pattern.compile(
                                    "grant_type=client_signature&client_id=id-1&timestamp=(\\d+)&nonce=(\\w+)&signature=(\\w+)$")
                            .matcher(request.getTarget());
                    return fields.find()
                            && MessageDigest.isEqual(
                                    hmac(fields.group(1) + "\n" + fields.group(2) + "\n")
                                            .getBytes(UTF_8),
                                    fields.group(3).getBytes(UTF_8));
                },
                "{\"jsonrpc\":\"2.0\",\"result\":{\"access_token\":\"TOKEN\",\"expires_in\":900,\"token_type\":\"bearer\"}}");
    }

    @Test
    void deribit_withAccessTokens_64ThreadsLogOnOnce() throws Exception {
        serveDeribit();
        Credential key = Credential.hmac("id-1", Secret.of(SECRET));
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try (VenueClient client = client(Deribit.VENUE.withAccessTokens(), key)) {
            for (int round = 1; round <= 3; round++) {
                CountDownLatch start = new CountDownLatch(1);
                List<Future<?>> calls = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    calls.add(threads.submit(() -> {
                        start.await();
                        return client.send(ApiRequest.get("/api/v2/private/get_positions"));
                    }));
                }
                start.countDown();
                for (Future<?> call : calls) {
                    call.get();
                }
                assertThat(logins).hasValue(round);
                clock.advance(Duration.ofSeconds(900));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(served).hasValue(192);
    }
}
