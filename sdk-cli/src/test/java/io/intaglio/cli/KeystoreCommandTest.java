package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.testkit.SimulatedVenue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words and statuses of {@code intaglio keystore}; stores are opened again with the JDK. */
class KeystoreCommandTest {
    private static final String PASSWORD = "correct horse";

    @TempDir
    Path folder;

    @BeforeEach
    void password() throws IOException {
        Files.createFile(
                folder.resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(folder.resolve("password"), PASSWORD);
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private Command run(String... args) {
        List<String> all = new ArrayList<>(List.of("keystore"));
        all.addAll(Arrays.asList(args));
        return Command.run(all.toArray(new String[0]));
    }

    private void created() {
        Command made = run("create", "CN=desk-7,O=Desk", "--key", at("desk.key"), "--self-signed", at("desk.pem"));
        assertThat(made.status()).as(made.err()).isZero();
    }

    private void imported() {
        created();
        Command made = run(
                "import",
                at("desk.pem"),
                "--key",
                at("desk.key"),
                "--out",
                at("desk.p12"),
                "--new-password-file",
                at("password"));
        assertThat(made.status()).as(made.err()).isZero();
    }

    @Test
    void create_keyAndRequest_keyIsItsOwnersAlone() throws IOException {
        Command made = run("create", "CN=desk-7", "--key", at("desk.key"), "--request", at("desk.csr"), "--json");
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.out())
                .isEqualTo("{\"key\":\"" + at("desk.key") + "\",\"request\":\"" + at("desk.csr") + "\"}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("desk.key"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(folder.resolve("desk.csr"))).startsWith("-----BEGIN CERTIFICATE REQUEST-----");
        Command inspected = run("inspect", at("desk.csr"));
        assertThat(inspected.status()).isEqualTo(ExitCode.FAULT);
        assertThat(inspected.err())
                .contains("a certificate request, which is what the authority gets and not what it gives back");
    }

    @Test
    void create_wrongUse_isSaid() {
        assertThat(run("create", "CN=desk-7", "--key", at("k")).err()).contains("give --request FILE");
        assertThat(run("create", "desk", "--key", at("k"), "--request", at("r")).err())
                .contains("'desk' is no X.500 name; wanted one such as CN=desk-7,O=Desk,C=CH");
        created();
        Command again = run("create", "CN=desk-7", "--key", at("desk.key"), "--request", at("other.csr"));
        assertThat(again.err()).contains("exists already and is not overwritten");
        assertThat(folder.resolve("other.csr")).doesNotExist();
    }

    @Test
    void inspect_identity_showsItAndNothingOfTheKey() throws Exception {
        imported();
        Command inspected = run("inspect", at("desk.p12"), "--password-file", at("password"));
        assertThat(inspected.status()).as(inspected.err()).isZero();
        assertThat(inspected.out())
                .startsWith("PKCS12, 1 entry\n\nentry 1: private key and certificate\n  CN=desk-7,O=Desk\n")
                .contains(
                        "    issued by  CN=desk-7,O=Desk\n",
                        "29 days left",
                        "    key        EC 256, signed with SHA256withECDSA\n",
                        "    for        clients\n")
                .endsWith("  ok: can be a client's identity\n");
        Command json = run("inspect", at("desk.p12"), "--password-file", at("password"), "--json");
        assertThat(json.out()).contains("\"format\":\"PKCS12\"", "\"privateKey\":true", "\"days\":29", "\"faults\":[]");
        String key = Files.readString(folder.resolve("desk.key"))
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow();
        assertThat(inspected.out() + json.out()).doesNotContain(key.substring(0, 20));
    }

    @Test
    void inspect_keyOfAnotherCertificate_isTheFault() {
        created();
        run("create", "CN=desk-8", "--key", at("other.key"), "--self-signed", at("other.pem"));
        Command inspected = run("inspect", at("desk.pem"), "--key", at("other.key"));
        assertThat(inspected.status()).isEqualTo(ExitCode.FAULT);
        assertThat(inspected.out())
                .contains(
                        "  FAULT: its private key does not belong to its certificate of desk-7; take the key from which");
        Command joined = run(
                "import",
                at("desk.pem"),
                "--key",
                at("other.key"),
                "--out",
                at("bad.p12"),
                "--new-password-file",
                at("password"));
        assertThat(joined.status()).isEqualTo(ExitCode.FAULT);
        assertThat(joined.err()).contains("its private key does not belong to its certificate of desk-7");
        assertThat(folder.resolve("bad.p12")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS", "BCFKS", "PEM"})
    void convert_anyForm_holdsTheSameAfterwards(String form) throws Exception {
        imported();
        Command made = run(
                "convert",
                at("desk.p12"),
                "--password-file",
                at("password"),
                "--to",
                form,
                "--out",
                at("out"),
                "--new-password-file",
                at("password"));
        assertThat(made.status()).as(made.err()).isZero();
        Command inspected = run("inspect", at("out"), "--password-file", at("password"));
        assertThat(inspected.out())
                .as(inspected.err())
                .startsWith(form + ", 1 entry\n")
                .contains("CN=desk-7,O=Desk", "ok: can be a client's identity");
        if (form.equals("PKCS12") || form.equals("JKS")) {
            KeyStore store = KeyStore.getInstance(folder.resolve("out").toFile(), PASSWORD.toCharArray());
            assertThat(store.getType()).isEqualToIgnoringCase(form);
            assertThat(store.getKey("1", PASSWORD.toCharArray())).isNotNull();
        } else if (form.equals("PEM")) {
            assertThat(Files.readString(folder.resolve("out"))).contains("BEGIN ENCRYPTED PRIVATE KEY");
        }
    }

    @Test
    void importAndConvert_json_sayWhatWasWritten() {
        created();
        String[] sealing = {"--new-password-file", at("password"), "--json"};
        assertThat(run(
                                "import",
                                at("desk.pem"),
                                "--key",
                                at("desk.key"),
                                "--out",
                                at("a.p12"),
                                sealing[0],
                                sealing[1],
                                sealing[2])
                        .out())
                .isEqualTo("{\"keystore\":\"" + at("a.p12") + "\"}\n");
        assertThat(run(
                                "convert",
                                at("desk.pem"),
                                "--key",
                                at("desk.key"),
                                "--to",
                                "jks",
                                "--out",
                                at("a.jks"),
                                sealing[0],
                                sealing[1],
                                sealing[2])
                        .out())
                .isEqualTo("{\"keystore\":\"" + at("a.jks") + "\"}\n");
    }

    @Test
    void convert_withoutNewPassword_isRefusedAndWritesNothing() {
        imported();
        Command made =
                run("convert", at("desk.p12"), "--password-file", at("password"), "--to", "jks", "--out", at("out"));
        assertThat(made.status()).isEqualTo(ExitCode.FAULT);
        assertThat(made.err()).contains("a JKS keystore needs a password; give one");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void expiry_nearTheEnd_isAFault() {
        created();
        run("create", "CN=soon", "--key", at("soon.key"), "--self-signed", at("soon.pem"), "--days", "3");
        Command all = run("expiry", at("desk.pem"), at("soon.pem"));
        assertThat(all.status()).isEqualTo(ExitCode.FAULT);
        assertThat(all.out().lines().skip(1)).hasSize(2);
        assertThat(all.out().lines().skip(1).findFirst().orElseThrow())
                .startsWith("2 ")
                .endsWith("CN=soon");
        assertThat(run("expiry", at("desk.pem")).status()).isZero();
        assertThat(run("expiry", at("desk.pem"), "--warn", "60", "--json").out())
                .startsWith("{\"days\":29,");
    }

    private static Path anchor(SimulatedVenue sim, Path folder) throws Exception {
        return Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(sim.trustAnchor().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    @Test
    void handshake_venueThatWantsACertificate_saysWhatEachShowed() throws Exception {
        try (SimulatedVenue sim = SimulatedVenue.of(io.intaglio.signing.venue.BinanceSpot.VENUE)
                .demandClientCertificate()
                .start()) {
            Path ca = anchor(sim, folder);
            String address = "localhost:" + sim.uri().getPort();
            Command without = run("test-handshake", address, "--ca", ca.toString());
            assertThat(without.status()).as(without.out()).isEqualTo(ExitCode.NETWORK);
            assertThat(without.out())
                    .contains(
                            "wants       a client certificate of kind ",
                            "issued by Intaglio simulated venue root",
                            "we showed   none; give --keystore\n",
                            "outcome     FAILED: ");
            try (java.io.OutputStream out = Files.newOutputStream(folder.resolve("client.p12"))) {
                sim.clientKeyStore().store(out, sim.clientKeyPassword());
            }
            Files.writeString(folder.resolve("password"), new String(sim.clientKeyPassword()), StandardCharsets.UTF_8);
            String[] with = {
                "test-handshake",
                address,
                "--ca",
                ca.toString(),
                "--keystore",
                at("client.p12"),
                "--password-file",
                at("password")
            };
            Command shown = run(with);
            assertThat(shown.status()).as(shown.out() + shown.err()).isZero();
            X509Certificate own = (X509Certificate) sim.clientKeyStore().getCertificate("client");
            assertThat(shown.out())
                    .startsWith("protocol    TLSv1.3, TLS_AES_256_GCM_SHA384\n")
                    .contains("we showed   CN=simulated client, serial "
                            + own.getSerialNumber().toString(16) + "\n")
                    .endsWith("outcome     ok\n");
        }
    }

    @Test
    void handshake_serverNotTrustedOrNotThere_saysWhy() throws Exception {
        try (SimulatedVenue sim = SimulatedVenue.start(io.intaglio.signing.venue.BinanceSpot.VENUE)) {
            Command untrusted = run("test-handshake", "localhost:" + sim.uri().getPort(), "--json");
            assertThat(untrusted.status()).isEqualTo(ExitCode.NETWORK);
            assertThat(untrusted.out())
                    .contains(
                            "\"protocol\":\"\"",
                            "its authority Intaglio simulated venue root is not trusted; if it is a private one");
        }
        Command nobody = run("test-handshake", "localhost:1");
        assertThat(nobody.status()).isEqualTo(ExitCode.NETWORK);
        assertThat(nobody.out()).contains("FAILED: cannot connect to localhost:1: ");
        assertThat(run("test-handshake", "localhost:https").err())
                .contains("wanted HOST:PORT, but the port is 'https'");
    }
}
