package io.intaglio.client.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.intaglio.client.Budgets;
import io.intaglio.client.NotSentException;
import io.intaglio.client.UnansweredException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueResponse;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers whose certificates are wrong, each in one way: refused, with the reason, before a byte of the request. And servers that are right. */
class BadServersTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Pki.Issued ROOT = Pki.root("Desk root");
    private static final Pki.Issued INTERMEDIATE =
            ROOT.issue(spec -> spec.subject("CN=Desk issuing").ca(0));

    @TempDir
    Path folder;

    /** What a server sends, how the client is set up, and what the client is to say; empty when it is to send. */
    record Case(
            String name,
            List<X509Certificate> sent,
            Pki.Issued issued,
            String host,
            UnaryOperator<Tls.Builder> client,
            String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case bad(String name, Pki.Issued issued, String reason) {
        return new Case(name, issued.withoutRoot(), issued, "localhost", tls -> tls.trust(ROOT.certificate()), reason);
    }

    private static Case bad(String name, UnaryOperator<Pki.Spec> leaf, String reason) {
        return bad(name, ROOT.issue(leaf), reason);
    }

    private static Case at(String host, Case from) {
        return new Case(from.name, from.sent, from.issued, host, from.client, from.reason);
    }

    private static Case sending(List<X509Certificate> chain, Case from) {
        return new Case(from.name, chain, from.issued, from.host, from.client, from.reason);
    }

    private static Case with(UnaryOperator<Tls.Builder> client, Case from) {
        return new Case(
                from.name, from.sent, from.issued, from.host, tls -> client.apply(from.client.apply(tls)), from.reason);
    }

    private static Path written(Path folder, String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<Case> badServers() throws Exception {
        Path folder = Files.createTempDirectory("crl");
        Pki.Issued leafAsCa = ROOT.issue(spec -> spec.subject("CN=another venue"));
        Pki.Issued noFlag = ROOT.issue(spec -> spec.subject("CN=No flag").ca(0).constraints(null));
        Pki.Issued noSign =
                ROOT.issue(spec -> spec.subject("CN=No keyCertSign").ca(0).usage(KeyUsage.digitalSignature));
        Pki.Issued tooDeep =
                INTERMEDIATE.issue(spec -> spec.subject("CN=Too deep").ca(0));
        Pki.Issued narrow = ROOT.issue(spec -> spec.subject("CN=Narrow").ca(0).permits("other.example"));
        Pki.Issued old =
                ROOT.issue(spec -> spec.subject("CN=Old issuing").ca(0).valid(DAY.multipliedBy(-9), DAY.negated()));
        Pki.Issued weakCa =
                ROOT.issue(spec -> spec.subject("CN=Weak issuing").ca(0).key("RSA:1024"));
        Pki.Issued rsaRoot =
                Pki.selfSigned(spec -> spec.subject("CN=Desk RSA root").ca(-1).key("RSA:2048"));
        Pki.Issued stranger = Pki.root("Stranger root");
        Pki.Issued revoked = ROOT.issue(spec -> spec);
        Path crl =
                written(folder, "desk.crl", Pki.crl(ROOT, revoked.certificate()).getEncoded());
        Pki.Issued good = ROOT.issue(spec -> spec);
        Pki.Issued behind = INTERMEDIATE.issue(spec -> spec);
        Path issuingCrl = written(
                folder,
                "issuing.crl",
                Pki.crl(INTERMEDIATE, behind.certificate()).getEncoded());
        Path rootCrl = written(folder, "root.crl", Pki.crl(ROOT).getEncoded());
        Path rootsWord = written(
                folder, "roots.crl", Pki.crl(ROOT, INTERMEDIATE.certificate()).getEncoded());
        List<X509Certificate> disordered =
                List.of(behind.certificate(), ROOT.certificate(), INTERMEDIATE.certificate());
        String otherPin = Trust.sha256(stranger.certificate());
        String spare = Trust.sha256(revoked.certificate());
        return Stream.of(
                bad(
                        "expired",
                        spec -> spec.valid(DAY.multipliedBy(-9), DAY.negated()),
                        "the certificate of venue expired on "),
                bad(
                        "not yet valid",
                        spec -> spec.valid(DAY, DAY.multipliedBy(9)),
                        "the certificate of venue is valid from "),
                bad(
                        "another host",
                        spec -> spec.names(Pki.dns("api.venue.com")),
                        "is not for localhost but for api.venue.com"),
                bad(
                        "self-signed",
                        Pki.selfSigned(spec -> spec),
                        "the certificate of venue is self-signed, and it is not trusted itself"),
                bad(
                        "unknown authority, not sent",
                        stranger.issue(spec -> spec),
                        "was issued by Stranger root, which was not sent and is not trusted"),
                sending(
                        stranger.issue(spec -> spec).chain(),
                        bad(
                                "unknown authority, sent",
                                stranger.issue(spec -> spec),
                                "its authority Stranger root is not trusted")),
                with(
                        tls -> tls.revocation(Revocation.HARD).crl(crl),
                        bad("revoked by list", revoked, "its certificate was revoked on ")),
                with(
                        tls -> tls.revocation(Revocation.SOFT).crl(crl),
                        bad("revoked by list, soft", revoked, "(KEY_COMPROMISE); do not go on")),
                with(
                        tls -> tls.revocation(Revocation.HARD),
                        bad(
                                "nobody tells whether it is revoked, hard",
                                good,
                                "nobody told whether its certificate is revoked")),
                with(
                        tls -> tls.revocation(Revocation.SOFT).crl(issuingCrl),
                        bad(
                                "revoked, and nobody tells of its issuer, soft",
                                behind,
                                "its certificate was revoked on ")),
                with(
                        tls -> tls.revocation(Revocation.SOFT).crl(rootsWord),
                        bad("issuer revoked, nobody tells of it, soft", behind, "its certificate was revoked on ")),
                with(
                        tls -> tls.revocation(Revocation.SOFT).crl(issuingCrl).crl(rootCrl),
                        bad("revoked by one of two lists, soft", behind, "its certificate was revoked on ")),
                with(
                        tls -> tls.revocation(Revocation.HARD).crl(issuingCrl).crl(rootCrl),
                        bad("revoked by one of two lists, hard", behind, "its certificate was revoked on ")),
                with(
                        tls -> tls.revocation(Revocation.SOFT).crl(issuingCrl).crl(rootCrl),
                        sending(
                                disordered,
                                bad("revoked, sent out of order, soft", behind, "its certificate was revoked on "))),
                with(
                        tls -> tls.revocation(Revocation.SOFT).crl(issuingCrl),
                        sending(
                                disordered,
                                bad(
                                        "revoked, out of order, nobody tells of its issuer, soft",
                                        behind,
                                        "its certificate was revoked on "))),
                with(
                        tls -> tls.revocation(Revocation.HARD).crl(issuingCrl).crl(rootCrl),
                        sending(
                                disordered,
                                bad("revoked, sent out of order, hard", behind, "its certificate was revoked on "))),
                bad("RSA of 1024 bits", spec -> spec.key("RSA:1024"), "has an RSA key of 1024 bits, fewer than 2048"),
                bad(
                        "SHA-1",
                        spec -> spec.signature("SHA1withECDSA"),
                        "is signed with SHA1withECDSA, which can be forged"),
                bad(
                        "for clients only",
                        spec -> spec.uses(KeyPurposeId.id_kp_clientAuth),
                        "is not for servers: its extended key usage lacks serverAuth"),
                bad(
                        "a server's certificate as authority",
                        leafAsCa.issue(spec -> spec),
                        "the certificate of another venue signed another although it is not an authority's"),
                bad(
                        "authority without its flag",
                        noFlag.issue(spec -> spec),
                        "the certificate of No flag signed another although it is not an authority's"),
                bad(
                        "authority that may not sign",
                        noSign.issue(spec -> spec),
                        "the certificate of No keyCertSign may not sign certificates"),
                bad("path too long", tooDeep.issue(spec -> spec), "its chain is longer than "),
                bad("name constraint", narrow.issue(spec -> spec), "has a name that its authority may not issue"),
                sending(
                        List.of(behind.certificate()),
                        bad(
                                "intermediate left out",
                                behind,
                                "was issued by Desk issuing, which was not sent and is not trusted; the server leaves out an intermediate")),
                bad(
                        "unknown critical extension",
                        spec -> spec.unknownCritical("1.3.6.1.4.1.99999.1"),
                        "has a critical extension that is not known here"),
                bad(
                        "common name only",
                        spec -> spec.subject("CN=localhost").names(),
                        "has no subject alternative name"),
                bad("wildcard for all", spec -> spec.names(Pki.dns("*")), "is not for localhost but for *"),
                bad(
                        "wildcard in the middle of a label",
                        spec -> spec.names(Pki.dns("local*")),
                        "is not for localhost but for local*"),
                bad(
                        "wildcard at the begin of a label",
                        spec -> spec.names(Pki.dns("*host")),
                        "is not for localhost but for *host"),
                bad(
                        "wildcard for names below",
                        spec -> spec.names(Pki.dns("*.localhost")),
                        "is not for localhost but for *.localhost"),
                at(
                        "127.0.0.1",
                        bad(
                                "another address",
                                spec -> spec.names(Pki.ip("127.0.0.2")),
                                "is not for 127.0.0.1 but for 127.0.0.2")),
                at(
                        "127.0.0.1",
                        bad("an address as a name", spec -> spec.names(Pki.dns("127.0.0.1")), "is not for 127.0.0.1")),
                with(
                        tls -> tls.pin("localhost", otherPin, spare),
                        bad(
                                "not pinned",
                                good,
                                "no key in its chain is pinned for localhost; it has sha256/"
                                        + Trust.sha256(good.certificate()))),
                with(
                        tls -> tls.pin("localhost", otherPin, spare),
                        sending(
                                List.of(good.certificate(), stranger.certificate()),
                                bad(
                                        "pinned certificate that did not issue it",
                                        good,
                                        "no key in its chain is pinned"))),
                bad("expired intermediate", old.issue(spec -> spec), "the certificate of Old issuing expired on "),
                bad(
                        "intermediate of RSA 1024",
                        weakCa.issue(spec -> spec),
                        "the certificate of Weak issuing has an RSA key of 1024 bits"),
                with(
                        tls -> tls.trust(rsaRoot.certificate()),
                        bad(
                                "MD5",
                                rsaRoot.issue(spec -> spec.signature("MD5withRSA")),
                                "is signed with MD5withRSA, which can be forged")),
                bad(
                        "signed by another key",
                        spec -> spec.signedBy(stranger.key()),
                        "the certificate of venue names Desk root as its issuer but is not signed with that one's key"),
                bad(
                        "EC of 224 bits as authority",
                        ROOT.issue(spec -> spec.subject("CN=Small").ca(0).key("EC:secp224r1"))
                                .issue(spec -> spec),
                        "the certificate of Small has an EC key of 224 bits"),
                with(
                        tls -> tls.trust(good.certificate()),
                        sending(
                                List.of(Pki.selfSigned(spec -> spec.valid(DAY.multipliedBy(-9), DAY.negated()))
                                        .certificate()),
                                bad("self-signed and expired", good, "the certificate of venue expired on "))));
    }

    static Stream<Case> goodServers() throws Exception {
        Path folder = Files.createTempDirectory("crl");
        Pki.Issued second = ROOT.issue(spec -> spec.subject("CN=Desk policy").ca(1));
        Pki.Issued third =
                second.issue(spec -> spec.subject("CN=Desk issuing 2").ca(0));
        Pki.Issued self = Pki.selfSigned(spec -> spec);
        Pki.Issued good = ROOT.issue(spec -> spec);
        Pki.Issued narrow = ROOT.issue(spec -> spec.subject("CN=Narrow").ca(0).permits("localhost"));
        Pki.Issued deep = INTERMEDIATE.issue(spec -> spec);
        Path crl = written(folder, "desk.crl", Pki.crl(ROOT).getEncoded());
        Path issuingCrl = written(folder, "issuing.crl", Pki.crl(INTERMEDIATE).getEncoded());
        List<X509Certificate> disordered = List.of(deep.certificate(), ROOT.certificate(), INTERMEDIATE.certificate());
        String spare = Trust.sha256(third.certificate());
        List<X509Certificate> more = new ArrayList<>(deep.chain());
        more.add(third.certificate());
        return Stream.of(
                bad("EC P-256", good, ""),
                bad("EC P-384", spec -> spec.key("EC:secp384r1"), ""),
                bad("RSA 2048", spec -> spec.key("RSA:2048"), ""),
                bad("RSA 3072", spec -> spec.key("RSA:3072"), ""),
                bad("one intermediate", deep, ""),
                bad("two intermediates", third.issue(spec -> spec), ""),
                sending(deep.chain(), bad("root sent too", deep, "")),
                sending(more, bad("one certificate more than needed", deep, "")),
                at("127.0.0.1", bad("by address", good, "")),
                with(tls -> tls.trust(self.certificate()), bad("self-signed and trusted", self, "")),
                with(tls -> tls.pin("localhost", Trust.sha256(good.certificate()), spare), bad("pinned", good, "")),
                with(
                        tls -> tls.pin("localhost", Trust.sha256(ROOT.certificate()), spare),
                        bad("authority pinned", deep, "")),
                with(tls -> tls.revocation(Revocation.HARD).crl(crl), bad("not on the list", good, "")),
                with(tls -> tls.revocation(Revocation.SOFT), bad("nobody tells, soft", good, "")),
                with(
                        tls -> tls.revocation(Revocation.HARD).crl(crl).crl(issuingCrl),
                        sending(disordered, bad("not on the lists, out of order, hard", deep, ""))),
                with(
                        tls -> tls.revocation(Revocation.SOFT).crl(crl).crl(issuingCrl),
                        sending(disordered, bad("not on the lists, out of order, soft", deep, ""))),
                with(
                        tls -> tls.revocation(Revocation.SOFT).crl(issuingCrl),
                        bad("not on the one list there is, soft", deep, "")),
                bad("within the name constraint", narrow.issue(spec -> spec.names(Pki.dns("localhost"))), ""),
                bad("no extended key usage", spec -> spec.uses(), ""),
                with(tls -> tls.alsoSystemTrust(), bad("the system's authorities too", good, "")));
    }

    static VenueClient client(String host, int port, Tls tls) {
        return VenueClient.builder(BinanceSpot.VENUE.withoutLimits().at(URI.create("https://" + host + ":" + port)))
                .credential(Credential.of(
                        "key-id",
                        BinanceSpot.VENUE.credential("key-id", secret()).key().orElseThrow()))
                .budgets(Budgets.separate())
                .tls(tls)
                .build();
    }

    private static Secret secret() {
        return Secret.takeOver("not a secret of anyone".getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void badServers(Case each) throws Exception {
        Tls tls = each.client.apply(Tls.builder()).build();
        try (TlsServer server = new TlsServer(each.sent, each.issued.key(), null);
                VenueClient client = client(each.host, server.port(), tls)) {
            Throwable thrown = catchThrowable(() -> client.send(ApiRequest.get("/api/v3/account")));
            assertThat(thrown)
                    .isInstanceOfSatisfying(
                            NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.TLS));
            assertThat(thrown).hasMessageContaining(each.reason);
            server.nextEnd();
            assertThat(server.applicationBytes()).isZero();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void goodServers(Case each) {
        Tls tls = each.client.apply(Tls.builder()).build();
        try (TlsServer server = new TlsServer(each.sent, each.issued.key(), null);
                VenueClient client = client(each.host, server.port(), tls)) {
            VenueResponse response = client.send(ApiRequest.get("/api/v3/account"));
            assertThat(response.status()).isEqualTo(200);
            assertThat(server.applicationBytes()).isPositive();
        }
    }

    /**
     * In TLS 1.3 the server says so only after the request was written; it has not read it. Its word may be lost when it closes at once, so what the client
     * says is not always the reason; what it never says is that the request was answered.
     */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void send_serverWantsACertificateAndGetsNone_isNotAnswered(String protocol) {
        Pki.Issued issued = ROOT.issue(spec -> spec);
        Tls tls = Tls.builder().trust(ROOT.certificate()).build();
        try (TlsServer server = new TlsServer(
                        issued.withoutRoot(), issued.key(), TlsServer.trusting(ROOT.certificate()), protocol);
                VenueClient client = client("localhost", server.port(), tls)) {
            // where the refusal comes after the request, the order is asked for until its time is up
            ApiRequest order = ApiRequest.post("/api/v3/order").timeLimit(Duration.ofSeconds(2));
            assertThatThrownBy(() -> client.send(order))
                    .isInstanceOfAny(NotSentException.class, UnansweredException.class);
            assertThat(server.applicationBytes()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Received fatal alert: certificate_required|true|it wants a client certificate and got none; give the client its keystore",
                "Received fatal alert: unknown_ca|true|it does not trust the authority of the client certificate",
                "Received fatal alert: bad_certificate|true|or got none; check which authority it wants",
                "Received fatal alert: handshake_failure|false|it has no cipher suite or key type in common with us",
                "Received fatal alert: protocol_version|false|it speaks neither TLS 1.2 nor 1.3",
                "Unsupported or unrecognized SSL message|false|what answers speaks no TLS; check the port",
                "No supported CertificateVerify signature algorithm for RSA  key|false|Java's TLS does not use an RSA key in a token",
                "Remote host terminated the handshake|false|the server closed the connection during the handshake",
            })
    void inWords_failureAsJavaTellsIt_saysWhatItMeans(String java, boolean ofCertificate, String words) {
        SSLHandshakeException failure = new SSLHandshakeException(java);
        assertThat(Tls.inWords(failure)).contains(words);
        assertThat(Tls.isOfClientCertificate(failure)).isEqualTo(ofCertificate);
    }
}
