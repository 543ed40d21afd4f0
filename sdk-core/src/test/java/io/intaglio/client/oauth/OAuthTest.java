package io.intaglio.client.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.intaglio.client.NotSentException;
import io.intaglio.client.RejectedException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.JwsAlgorithm;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.ReceivedRequest;
import io.intaglio.testkit.TokenServer;
import io.intaglio.testkit.VirtualClock;
import java.net.URI;
import java.net.URLDecoder;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against the testkit's authorization server, over TLS on virtual time. It checks assertions, certificates and proofs with the JDK alone;
 * nimbus-jose-jwt checks them once more.
 */
class OAuthTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String CLIENT = "desk-7";

    private final VirtualClock clock = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final SigningKey key = SigningKey.generate(KeyKind.EC_P256);
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final List<Secret> kept = new CopyOnWriteArrayList<>();
    private TokenServer server = start(TokenServer.builder());

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : resources) {
            resource.close();
        }
    }

    private TokenServer start(TokenServer.Builder builder) {
        TokenServer started = builder.clock(clock).start();
        resources.add(started);
        return started;
    }

    private <T extends AutoCloseable> T open(T resource) {
        resources.add(resource);
        return resource;
    }

    private Tls tls() {
        return Tls.builder().trust(server.trustAnchor()).build();
    }

    private Tls tls(KeyStore certificate) {
        return Tls.builder()
                .trust(server.trustAnchor())
                .keystore(certificate, Secret.ofChars(server.clientKeyPassword()))
                .build();
    }

    private OAuth.Builder settings(ClientAuthentication client) {
        return OAuth.at(server.tokenEndpoint())
                .client(client)
                .clock(VenueClock.of(clock, clock.ticker()))
                .tls(tls());
    }

    private ClientAuthentication secretClient() {
        server.addClient(CLIENT, secret("s3cret"));
        return ClientAuthentication.secretBasic(CLIENT, secret("s3cret"));
    }

    private ClientAuthentication keyClient() {
        server.addClient(CLIENT, key.publicKey().orElseThrow());
        return ClientAuthentication.privateKeyJwt(CLIENT, JwsAlgorithm.ES256, key);
    }

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(UTF_8));
    }

    private VenueClient client(TokenSource tokens, Tls tls) {
        return open(clientSettings(tokens, tls).build());
    }

    private VenueClient client(TokenSource tokens, Duration timeLimit) {
        return open(clientSettings(tokens, tls())
                .clock(VenueClock.system())
                .timeLimit(timeLimit)
                .build());
    }

    private VenueClient.Builder clientSettings(TokenSource tokens, Tls tls) {
        Venue venue = Venue.named("desk")
                .baseUri(server.uri().toString())
                .scheme(Scheme.named("desk").build())
                .build()
                .withAccessTokens();
        VenueClient.Builder builder = VenueClient.builder(venue);
        if (!(tokens instanceof OAuth)) {
            builder.credential(Credential.keyId(CLIENT));
        }
        return builder.tokens(tokens)
                .tls(tls)
                .clock(VenueClock.of(clock, clock.ticker()))
                .sleeper(clock::sleep);
    }

    private VenueClient client(TokenSource tokens) {
        return client(tokens, tls());
    }

    private List<Map<String, String>> tokenForms() {
        return server.received().stream()
                .filter(request -> request.path().equals("/token"))
                .map(request -> form(request.body()))
                .toList();
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new HashMap<>();
        for (String field : body.split("&")) {
            String[] pair = field.split("=", 2);
            form.put(pair[0], URLDecoder.decode(pair[1], UTF_8));
        }
        return form;
    }

    // ---- authentication of the client

    @Test
    void token_secretInHeader_isGivenAndServesACall() {
        OAuth oauth = open(settings(secretClient()).build());
        VenueResponse response = client(oauth).send(ApiRequest.get("/v1/balance"));
        assertThat(response.at("/client")).contains(CLIENT);
        assertThat(tokenForms().get(0)).doesNotContainKeys("client_id", "client_secret");
    }

    @Test
    void token_secretWithReservedCharacters_isEncodedBeforeItIsJoined() {
        String odd = "a:b %+&=\u00e9/?";
        server.addClient("de:sk 7", secret(odd));
        OAuth basic = open(settings(ClientAuthentication.secretBasic("de:sk 7", secret(odd)))
                .build());
        OAuth post = open(settings(ClientAuthentication.secretPost("de:sk 7", secret(odd)))
                .build());
        assertThat(basic.token(LIMIT).type()).isEqualTo("Bearer");
        assertThat(post.token(LIMIT).type()).isEqualTo("Bearer");
        assertThat(tokenForms().get(1)).containsEntry("client_secret", odd);
    }

    @Test
    void token_wrongSecret_saysWhatIsWrongAndNotTheSecret() {
        server.addClient(CLIENT, secret("s3cret"));
        OAuth oauth = open(settings(ClientAuthentication.secretPost(CLIENT, secret("wrong-one")))
                .build());
        OAuthException refusal = catchThrowableOfType(OAuthException.class, () -> oauth.token(LIMIT));
        assertThat(refusal.error()).contains("invalid_client");
        assertThat(refusal)
                .hasMessageContaining(server.tokenEndpoint().toString())
                .hasMessageContaining("HTTP 401 invalid_client")
                .hasMessageContaining("not what is registered")
                .hasMessageNotContaining("wrong-one");
    }

    @Test
    void assertion_secondImplementation_verifiesItAndItsClaims() throws Exception {
        OAuth oauth = open(settings(keyClient().keyId("key-1")).build());
        oauth.token(LIMIT);
        SignedJWT assertion = SignedJWT.parse(tokenForms().get(0).get("client_assertion"));
        JWTClaimsSet claims = assertion.getJWTClaimsSet();
        assertThat(assertion.verify(
                        new ECDSAVerifier((ECPublicKey) key.publicKey().orElseThrow())))
                .isTrue();
        assertThat(assertion.getHeader().getKeyID()).isEqualTo("key-1");
        assertThat(claims.getIssuer()).isEqualTo(CLIENT);
        assertThat(claims.getSubject()).isEqualTo(CLIENT);
        assertThat(claims.getAudience()).containsExactly(server.tokenEndpoint().toString());
        assertThat(claims.getIssueTime().toInstant()).isEqualTo(clock.instant());
        assertThat(claims.getExpirationTime().toInstant())
                .isEqualTo(clock.instant().plusSeconds(60));
        assertThat(claims.getJWTID()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(
            value = JwsAlgorithm.class,
            names = {"ES256", "ES384", "EDDSA", "RS256", "PS256"})
    void assertion_eachAlgorithm_isAccepted(JwsAlgorithm algorithm) {
        SigningKey other = SigningKey.generate(algorithm.kind());
        server.addClient(CLIENT, other.publicKey().orElseThrow());
        OAuth oauth = open(settings(ClientAuthentication.privateKeyJwt(CLIENT, algorithm, other))
                .build());
        assertThat(oauth.token(LIMIT).type()).isEqualTo("Bearer");
    }

    @Test
    void assertion_keyThatIsNotRegistered_isRefusedWithNextStep() {
        server.addClient(
                CLIENT, SigningKey.generate(KeyKind.EC_P256).publicKey().orElseThrow());
        OAuth oauth = open(settings(ClientAuthentication.privateKeyJwt(CLIENT, JwsAlgorithm.ES256, key))
                .build());
        assertThatThrownBy(() -> oauth.token(LIMIT))
                .isInstanceOf(OAuthException.class)
                .hasMessageContaining("signature is wrong")
                .hasMessageContaining("kid")
                .hasMessageContaining("audience " + server.tokenEndpoint());
    }

    /** The server remembers every assertion and refuses the second use; so one that was sent twice would fail here. */
    @Test
    void assertion_answerWasLost_isReplacedByAnother() {
        OAuth oauth = open(settings(keyClient()).build());
        server.faults().next("/token"::equals, Fault.acceptThenLoseAnswer());
        oauth.token(LIMIT);
        Set<String> assertions = new HashSet<>();
        tokenForms().forEach(form -> assertions.add(form.get("client_assertion")));
        assertThat(server.tokenRequests()).isEqualTo(2);
        assertThat(assertions).hasSize(2);
    }

    @Test
    void assertion_ourClockIsOff_isDatedByTheServersClockInOneRetry() {
        OAuth oauth = open(settings(keyClient()).build());
        server.skew(Duration.ofMinutes(10));
        oauth.token(LIMIT);
        assertThat(server.tokenRequests()).isEqualTo(2);
        oauth.refused(oauth.token(LIMIT));
        oauth.token(LIMIT);
        assertThat(server.tokenRequests()).as("the difference is remembered").isEqualTo(3);
    }

    // ---- certificates (RFC 8705)

    @Test
    void token_boundToCertificate_servesCallsOverThatCertificateAlone() throws Exception {
        KeyStore certificate = server.newClientKeyStore();
        server.addClient(CLIENT, (X509Certificate) certificate.getCertificate("client"));
        OAuth oauth = open(settings(ClientAuthentication.mutualTls(CLIENT))
                .tls(tls(certificate))
                .build());
        assertThat(client(oauth, tls(certificate)).send(ApiRequest.get("/v1/x")).at("/client"))
                .contains(CLIENT);

        VenueClient without = client(oauth);
        VenueClient withAnother = client(oauth, tls(server.newClientKeyStore()));
        assertThatThrownBy(() -> without.send(ApiRequest.get("/v1/x"))).isInstanceOf(RejectedException.class);
        assertThatThrownBy(() -> withAnother.send(ApiRequest.get("/v1/x"))).isInstanceOf(RejectedException.class);
        assertThat(server.served()).isEqualTo(1);
    }

    @Test
    void token_certificateThatIsNotRegistered_isRefused() throws Exception {
        server.addClient(CLIENT, (X509Certificate) server.newClientKeyStore().getCertificate("client"));
        OAuth oauth = open(settings(ClientAuthentication.mutualTls(CLIENT))
                .tls(tls(server.newClientKeyStore()))
                .build());
        assertThatThrownBy(() -> oauth.token(LIMIT))
                .isInstanceOf(OAuthException.class)
                .hasMessageContaining("certificate of Tls");
    }

    // ---- proofs (RFC 9449)

    @Test
    void dpop_secondImplementation_verifiesProofsOfTokenRequestAndCall() throws Exception {
        OAuth oauth = open(settings(secretClient()).dpop().build());
        client(oauth).send(ApiRequest.post("/v1/orders").query("a", "b").json("side", "buy"));
        List<ReceivedRequest> received = server.received();
        SignedJWT first = proof(received.get(0));
        SignedJWT second = proof(received.get(1));
        String token = received.get(1).header("Authorization").orElseThrow().substring("DPoP ".length());
        String hash = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
        assertThat(first.getJWTClaimsSet().getClaim("ath")).isNull();
        assertThat(first.getJWTClaimsSet().getStringClaim("htu"))
                .isEqualTo(server.tokenEndpoint().toString());
        assertThat(second.getJWTClaimsSet().getStringClaim("ath")).isEqualTo(hash);
        assertThat(second.getJWTClaimsSet().getStringClaim("htm")).isEqualTo("POST");
        assertThat(second.getJWTClaimsSet().getStringClaim("htu")).isEqualTo(server.uri() + "/v1/orders");
        assertThat(second.getHeader().getJWK().computeThumbprint())
                .isEqualTo(first.getHeader().getJWK().computeThumbprint());
        assertThat(second.getJWTClaimsSet().getJWTID())
                .isNotEqualTo(first.getJWTClaimsSet().getJWTID());
    }

    private static SignedJWT proof(ReceivedRequest request) throws Exception {
        SignedJWT proof = SignedJWT.parse(request.header("DPoP").orElseThrow());
        assertThat(proof.getHeader().getType()).isEqualTo(new JOSEObjectType("dpop+jwt"));
        assertThat(proof.getHeader().getJWK().isPrivate()).isFalse();
        assertThat(proof.verify(new ECDSAVerifier((ECKey) proof.getHeader().getJWK())))
                .isTrue();
        return proof;
    }

    @ParameterizedTest
    @EnumSource(
            value = JwsAlgorithm.class,
            names = {"ES256", "ES384", "EDDSA", "RS256", "PS256"})
    void dpop_eachAlgorithm_isAcceptedAtTokenEndpointAndVenue(JwsAlgorithm algorithm) {
        OAuth oauth = open(settings(secretClient())
                .dpop(algorithm, SigningKey.generate(algorithm.kind()))
                .build());
        assertThat(client(oauth).send(ApiRequest.get("/v1/x")).at("/client")).contains(CLIENT);
    }

    @Test
    void dpop_serverWantsNonces_eachServerTellsItInOneRetry() {
        server = start(TokenServer.builder().demandDpopNonce());
        OAuth oauth = open(settings(secretClient()).dpop().build());
        VenueClient client = client(oauth);
        client.send(ApiRequest.get("/v1/x"));
        assertThat(server.tokenRequests()).isEqualTo(2);
        assertThat(server.received()).as("one origin, one nonce").hasSize(3);

        server.renewNonce();
        VenueResponse later = client.send(ApiRequest.get("/v1/x"));
        assertThat(later.attempts()).isEqualTo(2);
        assertThat(server.received()).hasSize(5);
        assertThat(server.tokenRequests()).isEqualTo(2);
    }

    @Test
    void dpop_nonceIsNeverRight_endsAfterOneRetry() {
        server = start(TokenServer.builder().demandDpopNonce());
        OAuth oauth = open(settings(secretClient()).dpop().build());
        VenueClient client = client(oauth);
        client.send(ApiRequest.get("/v1/x"));
        int before = server.received().size();
        server.refuseEveryNonce();
        assertThatThrownBy(() -> client.send(ApiRequest.get("/v1/x"))).isInstanceOf(RejectedException.class);
        assertThat(server.received()).hasSize(before + 2);

        int asked = server.tokenRequests();
        oauth.refused(oauth.token(LIMIT));
        assertThatThrownBy(() -> oauth.token(LIMIT)).hasMessageContaining("use_dpop_nonce");
        assertThat(server.tokenRequests()).isEqualTo(asked + 2);
    }

    @Test
    void dpop_nonceIsWantedButNotTold_isNotTriedAgain() {
        OAuth oauth = open(settings(secretClient()).dpop().build());
        server.answerNext(400, "{\"error\":\"use_dpop_nonce\"}");
        assertThatThrownBy(() -> oauth.token(LIMIT)).hasMessageContaining("use_dpop_nonce");
        assertThat(server.tokenRequests()).isEqualTo(1);
    }

    @Test
    void dpop_serverGivesBearerToken_isRefused() {
        OAuth oauth = open(settings(secretClient()).dpop().build());
        server.answerNext(200, "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":60}");
        assertThatThrownBy(() -> oauth.token(LIMIT)).hasMessageContaining("DPoP was wanted");
    }

    @Test
    void dpop_tokenWithoutItsKey_isRefusedByTheVenue() {
        OAuth oauth = open(settings(secretClient()).dpop().build());
        String token = new String(tokenBytes(oauth.token(LIMIT)), UTF_8);
        VenueClient thief = client(fixed(AccessToken.bearer(secret(token))));
        assertThatThrownBy(() -> thief.send(ApiRequest.get("/v1/x"))).isInstanceOf(RejectedException.class);
        assertThat(server.served()).isZero();
    }

    private static byte[] tokenBytes(AccessToken token) {
        return InsecureSecretAccess.copyBytes(
                token.on(Credential.keyId("any")).secret("token").orElseThrow());
    }

    private static TokenSource fixed(AccessToken token) {
        return new TokenSource() {
            @Override
            public AccessToken token(Duration limit) {
                return token;
            }

            @Override
            public void refused(AccessToken refused) {}
        };
    }

    // ---- one request for all

    @Test
    void token_64ThreadsAtExpiry100Times_askOnceEachTime() throws Exception {
        OAuth oauth = open(settings(keyClient()).build());
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try {
            for (int round = 1; round <= 100; round++) {
                CountDownLatch start = new CountDownLatch(1);
                List<Future<AccessToken>> tokens = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    tokens.add(threads.submit(() -> {
                        start.await();
                        return oauth.token(LIMIT);
                    }));
                }
                start.countDown();
                Set<AccessToken> given = new HashSet<>();
                for (Future<AccessToken> token : tokens) {
                    given.add(token.get());
                }
                assertThat(server.tokenRequests()).isEqualTo(round);
                assertThat(given).hasSize(1);
                clock.advance(Duration.ofMinutes(5));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void send_64ThreadsWithARevokedToken_costsOneTokenRequestAndNoCallFails() throws Exception {
        OAuth oauth = open(settings(keyClient()).build());
        VenueClient client = client(oauth);
        client.send(ApiRequest.get("/v1/x"));
        server.revokeTokens();
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<VenueResponse>> responses = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                responses.add(threads.submit(() -> {
                    start.await();
                    return client.send(ApiRequest.get("/v1/x"));
                }));
            }
            start.countDown();
            for (Future<VenueResponse> response : responses) {
                assertThat(response.get().at("/client")).contains(CLIENT);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.tokenRequests()).isEqualTo(2);
        assertThat(server.served()).isEqualTo(65);
    }

    @Test
    void token_failure_isSharedAndNotAskedForAgainAtOnce() throws Exception {
        server.addClient(CLIENT, secret("s3cret"));
        OAuth oauth = open(settings(ClientAuthentication.secretPost(CLIENT, secret("wrong")))
                .build());
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<AccessToken>> tokens = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                tokens.add(threads.submit(() -> oauth.token(LIMIT)));
            }
            for (Future<AccessToken> token : tokens) {
                assertThatThrownBy(token::get).hasCauseInstanceOf(OAuthException.class);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.tokenRequests()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        assertThatThrownBy(() -> oauth.token(LIMIT)).isInstanceOf(OAuthException.class);
        assertThat(server.tokenRequests()).isEqualTo(2);
    }

    @Test
    void token_lastMinute_isRenewedAheadAndServesOnWhenThatFails() {
        OAuth oauth = open(settings(secretClient()).build());
        AccessToken first = oauth.token(LIMIT);
        clock.advance(Duration.ofMinutes(4).minusSeconds(1));
        assertThat(oauth.token(LIMIT)).isSameAs(first);
        clock.advance(Duration.ofSeconds(2));
        server.faults().next("/token"::equals, Fault.unavailable());
        assertThat(oauth.token(LIMIT))
                .as("the old one is good for another minute")
                .isSameAs(first);
        assertThat(server.tokenRequests()).isEqualTo(2);
        clock.advance(Duration.ofSeconds(2));
        assertThat(oauth.token(LIMIT)).isNotSameAs(first);
        assertThat(first.isClosed()).isTrue();
        assertThat(server.tokenRequests()).isEqualTo(3);
    }

    @Test
    void token_hostClockIsStepped_isNotTakenForExpired() {
        OAuth oauth = open(settings(secretClient()).build());
        AccessToken first = oauth.token(LIMIT);
        clock.step(Duration.ofHours(3));
        assertThat(oauth.token(LIMIT)).isSameAs(first);
        clock.step(Duration.ofHours(-6));
        assertThat(oauth.token(LIMIT)).isSameAs(first);
    }

    @Test
    void token_timeLimitPassesInTheExchange_saysThatNoAnswerCame() {
        OAuth oauth = open(settings(secretClient()).clock(VenueClock.system()).build());
        oauth.refused(oauth.token(LIMIT)); // and the connection is open
        server.faults().next("/token"::equals, Fault.slow(Duration.ofMillis(1200)));
        OAuthException failure = catchThrowableOfType(OAuthException.class, () -> oauth.token(Duration.ofMillis(400)));
        assertThat(failure.reason()).isEqualTo(OAuthException.Reason.TIME_LIMIT);
        assertThat(failure).hasMessageContaining("gave no answer").hasMessageNotContaining("was not asked");
    }

    @Test
    void token_serverAsksToWait_isNotAskedBefore() {
        OAuth oauth = open(settings(secretClient()).build());
        server.faults().next("/token"::equals, Fault.throttled(Duration.ofSeconds(30)));
        assertThatThrownBy(() -> oauth.token(LIMIT)).isInstanceOf(OAuthException.class);
        clock.advance(Duration.ofSeconds(29));
        assertThatThrownBy(() -> oauth.token(LIMIT)).isInstanceOf(OAuthException.class);
        assertThat(server.tokenRequests()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        oauth.token(LIMIT);
    }

    // ---- calls

    @Test
    void send_revokedToken_costsOneTokenRequestAndOneRetry() {
        OAuth oauth = open(settings(secretClient()).build());
        VenueClient client = client(oauth);
        client.send(ApiRequest.get("/v1/x"));
        server.revokeTokens();
        VenueResponse response = client.send(ApiRequest.post("/v1/orders").json("side", "buy"));
        assertThat(response.attempts()).isEqualTo(2);
        assertThat(server.tokenRequests()).isEqualTo(2);
        assertThat(server.served()).isEqualTo(2);
    }

    @Test
    void send_everyTokenIsRefused_endsAfterOneRetry() {
        OAuth oauth = open(settings(secretClient()).build());
        server.answerNext(200, "{\"access_token\":\"bad-1\",\"token_type\":\"Bearer\",\"expires_in\":60}");
        server.answerNext(200, "{\"access_token\":\"bad-2\",\"token_type\":\"bearer\",\"expires_in\":60}");
        VenueClient client = client(oauth);
        assertThatThrownBy(() -> client.send(ApiRequest.get("/v1/x"))).isInstanceOf(RejectedException.class);
        assertThat(server.tokenRequests()).isEqualTo(2);
        assertThat(server.received()).hasSize(4);
    }

    @Test
    void send_noTokenCanBeHad_isNotSent() {
        server.addClient(CLIENT, secret("s3cret"));
        OAuth oauth = open(settings(ClientAuthentication.secretPost(CLIENT, secret("wrong")))
                .build());
        VenueClient client = client(oauth);
        NotSentException failure =
                catchThrowableOfType(NotSentException.class, () -> client.send(ApiRequest.get("/v1/x")));
        assertThat(failure.reason()).isEqualTo(NotSentException.Reason.TOKEN);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void explain_withTokens_asksNobodyAndShowsNone() {
        OAuth oauth = open(settings(secretClient()).build());
        String shown = client(oauth).explain(ApiRequest.get("/v1/x")).toString();
        assertThat(shown).contains("Authorization").doesNotContain("access-token ");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void dryRun_withTokens_asksNobody() {
        OAuth oauth = open(settings(secretClient()).build());
        Venue venue = Venue.named("desk")
                .baseUri(server.uri().toString())
                .scheme(Scheme.named("desk").build())
                .build()
                .withAccessTokens();
        VenueClient client = open(
                VenueClient.builder(venue).tokens(oauth).tls(tls()).dryRun().build());
        assertThatThrownBy(() -> client.send(ApiRequest.get("/v1/x"))).isInstanceOf(NotSentException.class);
        assertThat(server.received()).isEmpty();
    }

    // ---- refresh tokens

    @Test
    void refreshToken_eachUse_handsOverTheNewOne() {
        OAuth oauth = refreshing(secretClient(), this::keep);
        oauth.token(LIMIT);
        clock.advance(Duration.ofMinutes(5));
        oauth.token(LIMIT);
        assertThat(kept).hasSize(2);
        assertThat(server.isUnused(kept.get(0))).isFalse();
        assertThat(server.isUnused(kept.get(1))).isTrue();
        assertThat(tokenForms()).extracting(form -> form.get("grant_type")).containsOnly("refresh_token");
    }

    @Test
    void refreshToken_cannotBeKept_isNotLostAndHandedOverLater() {
        boolean[] diskIsFull = {true};
        OAuth oauth = refreshing(secretClient(), fresh -> {
            if (diskIsFull[0]) {
                throw new IllegalStateException("disk full");
            }
            keep(fresh);
        });
        OAuthException failure = catchThrowableOfType(OAuthException.class, () -> oauth.token(LIMIT));
        assertThat(failure.reason()).isEqualTo(OAuthException.Reason.NOT_KEPT);
        assertThatThrownBy(() -> oauth.token(LIMIT)).isInstanceOf(OAuthException.class);
        assertThat(server.tokenRequests())
                .as("nothing is asked before it is kept")
                .isEqualTo(1);
        diskIsFull[0] = false;
        oauth.token(LIMIT);
        assertThat(server.isUnused(kept.get(kept.size() - 1))).isTrue();
    }

    @Test
    void refreshToken_usedElsewhere_saysToLogInAgain() {
        ClientAuthentication client = secretClient();
        Secret spent = secret("was-used");
        OAuth oauth = open(settings(client).refreshToken(spent, fresh -> {}).build());
        assertThatThrownBy(() -> oauth.token(LIMIT))
                .hasMessageContaining("invalid_grant")
                .hasMessageContaining("log in again");
    }

    @Test
    void refreshToken_callsTimePassesInAnExchange_servesTheNextCall() {
        OAuth oauth = refreshing(secretClient(), this::keep);
        oauth.token(LIMIT);
        VenueClient hasty = client(oauth, Duration.ofMillis(500));
        clock.advance(Duration.ofMinutes(4).plusSeconds(1));
        server.faults().next("/token"::equals, Fault.slow(Duration.ofMillis(1200)));
        NotSentException failure = catchThrowableOfType(
                NotSentException.class,
                () -> hasty.send(ApiRequest.post("/v1/orders").json("side", "buy")));
        assertThat(failure.reason()).isEqualTo(NotSentException.Reason.TIME_LIMIT);
        assertThat(failure).hasMessageContaining("no token came within");

        client(oauth).send(ApiRequest.post("/v1/orders").json("side", "buy"));
        oauth.token(LIMIT);
        await().until(() -> kept.size() == 2);
        assertThat(server.isUnused(kept.get(1))).isTrue();
        assertThat(server.tokenRequests()).isEqualTo(2);
    }

    @Test
    void refreshToken_callIsCancelledInAnExchange_servesTheNextCall() {
        OAuth oauth = refreshing(secretClient(), this::keep);
        VenueClient client = client(oauth);
        server.faults().next("/token"::equals, Fault.slow(Duration.ofMillis(600)));
        CompletableFuture<VenueResponse> call = client.sendAsync(ApiRequest.get("/v1/x"));
        await().until(() -> server.tokenRequests() == 1);
        call.cancel(true);
        client.send(ApiRequest.get("/v1/x"));
        assertThat(kept).hasSize(1);
        assertThat(server.isUnused(kept.get(0))).isTrue();
        assertThat(server.tokenRequests()).isEqualTo(1);
    }

    @Test
    void close_inAnExchange_waitsUntilTheNewRefreshTokenIsKept() {
        OAuth oauth = refreshing(secretClient(), this::keep);
        server.faults().next("/token"::equals, Fault.slow(Duration.ofMillis(600)));
        CompletableFuture.runAsync(() -> oauth.token(LIMIT));
        await().until(() -> server.tokenRequests() == 1);
        oauth.close();
        assertThat(kept).hasSize(1);
        assertThat(server.isUnused(kept.get(0))).isTrue();
        assertThatThrownBy(() -> oauth.token(LIMIT))
                .isInstanceOf(OAuthException.class)
                .hasMessageContaining("closed");
        assertThat(server.tokenRequests()).isEqualTo(1);
    }

    @Test
    void close_byAnInterruptedThreadInAnExchange_waitsAllTheSame() {
        OAuth oauth = refreshing(secretClient(), this::keep);
        server.faults().next("/token"::equals, Fault.slow(Duration.ofMillis(600)));
        CompletableFuture.runAsync(() -> oauth.token(LIMIT));
        await().until(() -> server.tokenRequests() == 1);
        Thread.currentThread().interrupt();
        oauth.close();
        assertThat(Thread.interrupted()).as("still told").isTrue();
        assertThat(kept).hasSize(1);
    }

    @Test
    void refreshToken_timePassedBeforeTheExchange_doesNotCutItShort() {
        AtomicLong ticks = new AtomicLong();
        OAuth oauth = open(settings(secretClient())
                .clock(VenueClock.of(
                        clock, () -> ticks.addAndGet(Duration.ofSeconds(9).toNanos())))
                .refreshToken(server.newRefreshToken(CLIENT), this::keep)
                .build());
        server.faults().next("/token"::equals, Fault.slow(Duration.ofMillis(1200)));
        oauth.token(Duration.ofMinutes(1));
        assertThat(server.tokenRequests()).isEqualTo(1);
        assertThat(kept).hasSize(1);
    }

    @Test
    void refreshToken_lastMinute_servesOnWhenItsRenewalFails() {
        OAuth oauth = refreshing(secretClient(), this::keep);
        AccessToken first = oauth.token(LIMIT);
        clock.advance(Duration.ofMinutes(4).plusSeconds(1));
        server.faults().next("/token"::equals, Fault.unavailable());
        assertThat(oauth.token(LIMIT)).isSameAs(first);
        clock.advance(Duration.ofSeconds(2));
        assertThat(oauth.token(LIMIT)).as("who comes first waits for it").isNotSameAs(first);
        assertThat(server.tokenRequests()).isEqualTo(3);
    }

    @Test
    void refreshToken_failure_isSharedAndNotAskedForAgainAtOnce() {
        OAuth oauth = refreshing(secretClient(), this::keep);
        server.faults().next("/token"::equals, Fault.throttled(Duration.ZERO));
        assertThatThrownBy(() -> oauth.token(LIMIT)).hasMessageContaining("slow_down");
        assertThat(server.tokenRequests()).isEqualTo(1);
    }

    @Test
    void refreshToken_keeperFailsWithAnError_isToldOnceToWhoAsked() {
        int[] calls = {0};
        OAuth oauth = refreshing(secretClient(), fresh -> {
            calls[0]++;
            throw new NoClassDefFoundError("io/desk/Store");
        });
        assertThatThrownBy(() -> oauth.token(LIMIT)).hasRootCauseInstanceOf(NoClassDefFoundError.class);
        assertThat(calls[0]).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"token_type\":\"Bearer\"",
                "\"access_token\":\"a\",\"token_type\":\"mac\"",
                "\"access_token\":\"a b\",\"token_type\":\"Bearer\"",
                "\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":0",
            })
    void refreshToken_restOfItsAnswerIsUnusable_isKeptAllTheSame(String rest) {
        OAuth oauth = refreshing(secretClient(), this::keep);
        Secret next = server.newRefreshToken(CLIENT);
        server.answerNext(
                200,
                "{" + rest + ",\"refresh_token\":\"" + new String(InsecureSecretAccess.copyBytes(next), UTF_8) + "\"}");
        OAuthException failure = catchThrowableOfType(OAuthException.class, () -> oauth.token(LIMIT));
        assertThat(failure.reason()).isEqualTo(OAuthException.Reason.MALFORMED);
        assertThat(kept).containsExactly(next);

        clock.advance(Duration.ofSeconds(2));
        oauth.token(LIMIT);
        assertThat(server.isUnused(next))
                .as("the next exchange is by the new one")
                .isFalse();
        assertThat(kept).hasSize(2);
    }

    private void keep(Secret fresh) {
        kept.add(InsecureSecretAccess.use(fresh, Secret::of));
    }

    private OAuth refreshing(ClientAuthentication client, java.util.function.Consumer<Secret> keeper) {
        return open(settings(client)
                .refreshToken(server.newRefreshToken(CLIENT), keeper)
                .build());
    }

    // ---- answers that must not be used

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"token_type\":\"Bearer\"}|gave no access_token",
                "[]|gave no access_token",
                "<html>|gave no access_token",
                "{\"access_token\":\"a\"}|type none",
                "{\"access_token\":\"a\",\"token_type\":\"mac\"}|type mac",
                "{\"access_token\":\"a\\u000d\\u000aX: y\",\"token_type\":\"Bearer\"}|cannot be sent",
                "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":-1}|expires_in -1",
                "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":0}|expires_in 0",
                "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":\"soon\"}|expires_in soon",
                "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":1e9999999}|expires_in 1e9999999",
                "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":1772366400000}|whole seconds",
            })
    void token_unusableAnswer_isRefusedByName(String answer, String message) {
        OAuth oauth = open(settings(secretClient()).build());
        server.answerNext(200, answer);
        assertThatThrownBy(() -> oauth.token(LIMIT))
                .isInstanceOf(OAuthException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(server.tokenEndpoint().toString());
    }

    @Test
    void token_longerThan16KiB_isRefused() {
        OAuth oauth = open(settings(secretClient()).build());
        server.answerNext(200, "{\"access_token\":\"" + "a".repeat(16 * 1024 + 1) + "\",\"token_type\":\"Bearer\"}");
        assertThatThrownBy(() -> oauth.token(LIMIT)).hasMessageContaining("16385 characters");
    }

    @Test
    void token_lifetimeIsText_isRead() {
        OAuth oauth = open(settings(secretClient()).build());
        server.answerNext(200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":\"3600\"}");
        AccessToken first = oauth.token(LIMIT);
        clock.advance(Duration.ofMinutes(58));
        assertThat(oauth.token(LIMIT)).isSameAs(first);
    }

    @Test
    void refusal_repeatsWhatWeSent_isNotShown() {
        OAuth oauth = open(settings(keyClient()).build());
        server.answerNext(
                401,
                "{\"error\":\"invalid_client\",\"error_description\":\"bad assertion eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJkZXNrLTcifQ.c2ln\"}");
        assertThatThrownBy(() -> oauth.token(LIMIT))
                .hasMessageContaining("bad assertion ...")
                .hasMessageNotContaining("eyJ");
    }

    @Test
    void scope_refused_namesIt() {
        OAuth oauth = open(settings(secretClient()).scope("forbidden:all").build());
        assertThatThrownBy(() -> oauth.token(LIMIT))
                .hasMessageContaining("invalid_scope")
                .hasMessageContaining("'forbidden:all'");
    }

    // ---- discovery

    private OAuth.Builder discovered(ClientAuthentication client) {
        return OAuth.discovered(server.uri())
                .client(client)
                .clock(VenueClock.of(clock, clock.ticker()))
                .tls(tls());
    }

    @Test
    void discovered_rightIssuer_isAskedOnceAndIsTheAudience() throws Exception {
        OAuth oauth = open(discovered(keyClient()).build());
        oauth.token(LIMIT);
        clock.advance(Duration.ofMinutes(5));
        oauth.token(LIMIT);
        assertThat(server.received()).hasSize(3);
        assertThat(SignedJWT.parse(tokenForms().get(0).get("client_assertion"))
                        .getJWTClaimsSet()
                        .getAudience())
                .containsExactly(server.uri().toString());
    }

    @Test
    void discovered_metadataOfAnotherIssuer_isRefusedBeforeAnythingIsSent() {
        server.issuer(server.uri() + "/");
        OAuth oauth = open(discovered(keyClient()).build());
        assertThatThrownBy(() -> oauth.token(LIMIT))
                .isInstanceOf(OAuthException.class)
                .hasMessageContaining("letter for letter");
        assertThat(server.tokenRequests()).isZero();
    }

    @Test
    void discovered_algorithmThatIsNotOffered_namesThoseThatAre() {
        SigningKey rsa = SigningKey.generate(KeyKind.RSA);
        OAuth oauth = open(discovered(ClientAuthentication.privateKeyJwt(CLIENT, JwsAlgorithm.RS512, rsa))
                .build());
        assertThatThrownBy(() -> oauth.token(LIMIT))
                .hasMessageContaining("no RS512")
                .hasMessageContaining("ES256");
    }

    @Test
    void builder_plainHttp_isRefused() {
        assertThatThrownBy(() -> OAuth.at(URI.create("http://localhost:1/token")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("over TLS alone");
        assertThatThrownBy(() -> OAuth.discovered(URI.create("http://localhost:1")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void token_serverIsNotTrusted_namesTls() {
        OAuth oauth = open(settings(secretClient()).tls(Tls.system()).build());
        OAuthException failure = catchThrowableOfType(OAuthException.class, () -> oauth.token(LIMIT));
        assertThat(failure.reason()).isEqualTo(OAuthException.Reason.UNREACHABLE);
        assertThat(failure).hasMessageContaining("trust and certificate in Tls");
    }

    @Test
    void toString_ofEverything_showsNoSecret() {
        ClientAuthentication client = secretClient();
        OAuth oauth = open(settings(client).build());
        AccessToken token = oauth.token(LIMIT);
        String plain = new String(tokenBytes(token), UTF_8);
        assertThat(List.of(client.toString(), oauth.toString(), token.toString()))
                .noneMatch(text -> text.contains(plain) || text.contains("s3cret") || text.contains(CLIENT));
        oauth.close();
        assertThat(token.isClosed()).isTrue();
        assertThatThrownBy(() -> tokenBytes(token)).isInstanceOf(IllegalStateException.class);
    }
}
