package io.intaglio.client.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.NotSentException;
import io.intaglio.client.VenueClient;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Limit;
import io.intaglio.testkit.SimulatedVenue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in the file, what comes before it, and what is refused. */
class ProfilesTest {
    private static final String SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

    @TempDir
    Path folder;

    private Path ownerOnly(String name, String content) throws IOException {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }

    private Path file(String toml) throws IOException {
        Files.deleteIfExists(folder.resolve("profiles.toml"));
        return ownerOnly("profiles.toml", toml);
    }

    private Profiles profiles(String toml) throws IOException {
        return Profiles.read(file(toml), Map.of(), Map.of());
    }

    private Path secret() throws IOException {
        return ownerOnly("secret", SECRET + "\n");
    }

    private static String value(Profile profile, String key) {
        return profile.settings().stream()
                .filter(setting -> setting.key().equals(key))
                .map(setting -> setting.shown() + " | " + setting.source())
                .findFirst()
                .orElse("none");
    }

    @Test
    void venue_limitsOfTheProfile_takeThePlaceOfTheVenues() throws IOException {
        Profile desk = profiles("[desk]\nvenue='binance'\n[desk.limits]\n'request weight'=3000\n")
                .get("desk");
        assertThat(desk.venue().limits()).anySatisfy(limit -> {
            assertThat(limit.name()).isEqualTo("request weight");
            assertThat(limit.capacity()).isEqualTo(3000);
        });
        assertThat(value(desk, "limits.request weight")).startsWith("3000 | ");
    }

    @Test
    void venue_limitThatTheVenueDoesNotHave_namesThoseItHas() throws IOException {
        Profile desk = profiles("[desk]\nvenue='binance'\nkey-id='k'\n[desk.limits]\nweight=3000\n")
                .get("desk");
        assertThat(desk.staticFaults())
                .singleElement()
                .asString()
                .contains("limits.weight", "is no limit of the venue; it has 'request weight', 'orders in 10 s'");
        Profile none = profiles("[desk]\nvenue='binance'\nkey-id='k'\n[desk.limits]\n'request weight'='many'\n")
                .get("desk");
        assertThat(none.staticFaults())
                .singleElement()
                .asString()
                .contains("wanted a whole number of units, such as 3000, or a limit of your own, such as '100 in 10s'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "request weight | '3000 in 2m' | 'request weight: 3000 in 2 min per ip, aligned'",
                "mine | '100 in 10s' | 'mine: 100 in 10 s per key, rolling'",
                "mine | '100 in 1m, aligned, per ip' | 'mine: 100 in 1 min per ip, aligned'",
                "mine | '9 in 90s, leaky, per account' | 'mine: 9 in 90 s per account, leaky'"
            })
    void venue_limitWithItsPeriod_isChangedOrAdded(String name, String text, String limit) throws IOException {
        Profile desk = profiles("[desk]\nvenue='binance'\n[desk.limits]\n'" + name + "'='" + text + "'\n")
                .get("desk");
        assertThat(desk.venue().limits()).extracting(Limit::toString).contains(limit);
        assertThat(desk.venue().limits()).hasSize(name.equals("mine") ? 4 : 3);
    }

    @Test
    void client_budgetFile_isOfOneClientAtATime() throws IOException {
        Path file = folder.resolve("budget");
        Path secret = folder.resolve("secret");
        Files.writeString(secret, "secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Profile desk = profiles("[desk]\nvenue='binance'\nkey-id='k'\nsecret='file:" + secret + "'\nbudget-file='"
                        + file + "'\n")
                .get("desk");
        try (VenueClient client = desk.client().build()) {
            assertThat(client.budget().standings()).hasSize(3);
            assertThat(file).isNotEmptyFile();
            assertThat(desk.faults()).singleElement().asString().contains("is open in another process or client");
        }
        assertThat(desk.faults()).isEmpty();
    }

    @Test
    void get_valueInSeveralSources_takesPropertyThenEnvironmentThenFile() throws IOException {
        Path file = file("[desk]\nvenue='binance'\nkey-id='in-the-file-1234'\ntime-limit='1s'\nenvironment='live'\n");
        Profile desk = Profiles.read(
                        file,
                        Map.of(
                                "INTAGLIO_PROFILE_DESK_TIME_LIMIT", "2s",
                                "INTAGLIO_PROFILE_DESK_VENUE", "okx",
                                "INTAGLIO_PROFILE_DESK_ATTRIBUTES_USER_ID", "account-12345"),
                        Map.of("intaglio.profile.desk.venue", "kraken"))
                .get("desk");
        assertThat(value(desk, "venue")).isEqualTo("kraken | system property intaglio.profile.desk.venue");
        assertThat(value(desk, "time-limit")).isEqualTo("2s | environment variable INTAGLIO_PROFILE_DESK_TIME_LIMIT");
        assertThat(value(desk, "environment")).isEqualTo("live | " + file);
        assertThat(value(desk, "attributes.user-id"))
                .isEqualTo("acco... | environment variable INTAGLIO_PROFILE_DESK_ATTRIBUTES_USER_ID");
        assertThat(desk.venue().name()).isEqualTo("kraken");
    }

    @Test
    void client_settingOfTheProgram_comesBeforeTheProfile() throws IOException {
        Profile desk = profiles("[desk]\nvenue='binance'\nkey-id='desk-key'\npermissions=['read']\n")
                .get("desk");
        ApiRequest order = ApiRequest.post("/api/v3/order").query("symbol", "BTCUSDT");
        try (VenueClient client = desk.client().build()) {
            assertThatThrownBy(() -> client.send(order))
                    .isInstanceOf(NotSentException.class)
                    .hasMessageContaining("rule allow: POST /api/v3/order counts as TRADE, and allowed is [READ]");
        }
        try (VenueClient client =
                desk.client().guard(request -> Optional.of("mine")).build()) {
            assertThatThrownBy(() -> client.send(order)).hasMessageContaining("mine");
        }
    }

    @Test
    void client_guardOfTheProfile_isAsked() throws IOException {
        Path kill = folder.resolve("stop");
        Profile desk = profiles("[desk]\nvenue='binance'\nenvironment='testnet'\nkey-id='desk-key'\n"
                        + "secret='file:" + secret() + "'\n[desk.guard]\n"
                        + "symbols=['BTCUSDT']\nmax-order-notional='50000'\nmax-order-quantity='1000'\n"
                        + "max-notional=['60000 in 1h','70000 in 24h']\nmax-orders='20 in 1s'\n"
                        + "destinations=[]\nunlimited=['POST /api/v3/order/test']\nkill-file='" + kill
                        + "'\ndry-run=true\n")
                .get("desk");
        assertThat(desk.faults()).isEmpty();
        assertThat(value(desk, "guard.max-notional")).startsWith("60000 in 1h,70000 in 24h | ");
        ApiRequest order = ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "LIMIT")
                .form("quantity", "1");
        try (VenueClient client = desk.client()
                .clock(VenueClock.trustingHost(Duration.ofMillis(1)))
                .build()) {
            assertThatThrownBy(() -> client.send(order.form("price", "50000.01")))
                    .hasMessageContaining("rule max-order-notional");
            assertThatThrownBy(() -> client.send(order.form("price", "40000"))).hasMessageStartingWith("dry run: ");
            assertThatThrownBy(() -> client.send(order.form("price", "40000").baseUri(BinanceSpot.VENUE.baseUri())))
                    .hasMessageContaining("rule environment: this key is for testnet");
            assertThatThrownBy(() -> client.send(
                            ApiRequest.post("/sapi/v1/capital/withdraw/apply").query("address", "a")))
                    .hasMessageContaining("none of the 0 allowed destinations");
        }
        Files.createFile(kill);
        try (VenueClient client = desk.client().build()) {
            assertThatThrownBy(() -> client.send(order.form("price", "1"))).hasMessageContaining("rule kill-switch");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "max-order-notional='5e4' | wanted a plain decimal in quotes",
                "max-notional='100000' | wanted an amount and a period",
                "max-orders='1.5 in 1s' | guard.max-orders",
                "calls=['/api/v3/order'] | is no call; write a method and a path",
                "dry-run='yes' | wanted true or false",
                "kill-file='/nowhere/at/all/stop' | its folder does not exist"
            })
    void staticFaults_guardThatCannotBe_isNamed(String line, String fault) throws IOException {
        Profile desk = profiles("[desk]\nvenue='binance'\nkey-id='k'\n[desk.guard]\n" + line + "\n")
                .get("desk");
        assertThat(desk.staticFaults()).singleElement().asString().contains("guard.", fault);
    }

    @Test
    void read_unknownGuardKey_isRefusedWithTheNearest() throws IOException {
        Path file = file("[desk]\nvenue='binance'\n[desk.guard]\nmax-order-notionl='1'\n");
        assertThatThrownBy(() -> Profiles.read(file, Map.of(), Map.of()))
                .hasMessageContaining("unknown key 'guard.max-order-notionl'")
                .hasMessageEndingWith("did you mean 'guard.max-order-notional'?");
    }

    @Test
    void get_guardKeyOfTheEnvironment_isTaken() throws IOException {
        Profiles read = Profiles.read(
                file("[desk]\nvenue='binance'\n"), Map.of("INTAGLIO_PROFILE_DESK_GUARD_DRY_RUN", "true"), Map.of());
        assertThat(value(read.get("desk"), "guard.dry-run")).startsWith("true | environment variable");
    }

    @Test
    void variables_ofTwoProfilesWithOneBeginning_goToTheLongerName() throws IOException {
        Profiles both = Profiles.read(
                file("[desk]\nvenue='binance'\n[desk-okx]\nvenue='okx'\n"),
                Map.of("INTAGLIO_PROFILE_DESK_OKX_ENVIRONMENT", "live"),
                Map.of());
        assertThat(value(both.get("desk"), "environment")).isEqualTo("none");
        assertThat(value(both.get("desk-okx"), "environment")).startsWith("live");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"key_id, key-id", "secrets, secret", "keyid, key-id", "time-limt, time-limit", "api-secret, secret"})
    void read_unknownKey_isRefusedWithTheNearest(String wrong, String nearest) throws IOException {
        Path file = file("[desk]\nvenue='binance'\n" + wrong + "='x'\n");
        assertThatThrownBy(() -> Profiles.read(file, Map.of(), Map.of()))
                .isInstanceOf(ProfileException.class)
                .hasMessage("profile desk has the unknown key '" + wrong + "' in " + file + "; did you mean '" + nearest
                        + "'?");
    }

    @Test
    void read_unknownKeyInEnvironmentOrProperty_isRefusedToo() throws IOException {
        Path file = file("[desk]\nvenue='binance'\n");
        assertThatThrownBy(() -> Profiles.read(file, Map.of("INTAGLIO_PROFILE_DESK_KEYID", "x"), Map.of()))
                .hasMessage("profile desk has the unknown key 'keyid' in environment variable "
                        + "INTAGLIO_PROFILE_DESK_KEYID; did you mean 'key-id'?");
        assertThatThrownBy(() -> Profiles.read(file, Map.of(), Map.of("intaglio.profile.desk.venues", "x")))
                .hasMessage("profile desk has the unknown key 'venues' in system property "
                        + "intaglio.profile.desk.venues; did you mean 'venue'?");
    }

    @Test
    void get_secretInsteadOfReference_isRefusedAndNotShown() throws IOException {
        for (String key : List.of("secret", "passphrase", "unlock", "keystore-password", "secrets.code")) {
            Path file = folder.resolve(key + ".toml");
            Files.writeString(file, "[desk]\nvenue='binance'\n" + key + "='" + SECRET + "'\n");
            Profiles profiles = Profiles.read(file, Map.of(), Map.of());
            assertThatThrownBy(() -> profiles.get("desk"))
                    .isInstanceOf(ProfileException.class)
                    .hasMessage("profile desk: " + key + " in " + file + " must be a reference to a secret and not the "
                            + "secret itself; write for example file:/etc/desk/secret");
        }
    }

    @Test
    void get_attributeThatSoundsSecret_isRefused() throws IOException {
        Profiles profiles = profiles("[desk]\nvenue='okx'\n[desk.attributes]\npassphrase='hunter2'\n");
        assertThatThrownBy(() -> profiles.get("desk"))
                .hasMessageContaining("attributes.passphrase")
                .hasMessageContaining("sounds like a secret")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void read_notToml_namesThePlaceAndQuotesNothing() throws IOException {
        Path file = file("[desk]\nvenue='binance'\nsecret=" + SECRET + "\n");
        assertThatThrownBy(() -> Profiles.read(file, Map.of(), Map.of()))
                .isInstanceOf(ProfileException.class)
                .hasMessageStartingWith("profiles file " + file + " is not TOML: fault at line 3, column ")
                .hasMessageNotContaining(SECRET)
                .hasNoCause();
    }

    @Test
    void read_fileThatOthersWrite_isRefused() throws IOException {
        Path file = file("[desk]\nvenue='binance'\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThatThrownBy(() -> Profiles.read(file, Map.of(), Map.of()))
                .hasMessage("profiles file " + file + " can be written by others than its owner (rw-rw-r--); "
                        + "close it with: chmod go-w " + file);
    }

    @Test
    void read_oddStructures_areRefused() throws IOException {
        assertThatThrownBy(() -> profiles("venue='binance'\n")).hasMessageContaining("outside of any section");
        Files.delete(folder.resolve("profiles.toml"));
        assertThatThrownBy(() -> profiles("[Desk]\nvenue='binance'\n")).hasMessageContaining("lower-case letters");
        Files.delete(folder.resolve("profiles.toml"));
        assertThatThrownBy(() -> profiles("[desk.keys]\na='b'\n")).hasMessageContaining("has a table 'keys'");
        assertThatThrownBy(() -> Profiles.read(folder.resolve("absent"), Map.of(), Map.of()))
                .hasMessageContaining("does not exist; make it, or set INTAGLIO_PROFILES to another");
    }

    @Test
    void get_unknownName_namesTheNearest() throws IOException {
        Profiles profiles = profiles("[desk]\nvenue='binance'\n[other]\nvenue='okx'\n");
        assertThat(profiles.names()).containsExactly("desk", "other");
        assertThatThrownBy(() -> profiles.get("dsk"))
                .hasMessage("there is no profile 'dsk' in " + profiles.file() + "; did you mean 'desk'?");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "venue='binanse'|venue in FILE is refused: there is no venue 'binanse'; did you mean 'binance'",
                "environment='moon'|environment in FILE is refused: venue binance has no environment 'moon'",
                "base-uri='nowhere'|base-uri in FILE is refused: wanted an address such as https://api.example.com",
                "time-limit='soon'|time-limit in FILE is refused: wanted a duration such as 500ms, 10s, 2m or PT1M30S",
                "time-limit='0s'|time-limit in FILE is refused: time limit must be positive",
                "local-address='eth0'|local-address in FILE is refused: wanted an address of this host, such as 10.0.0.7",
                "address-family='ipv5'|address-family in FILE is refused: wanted ipv4, ipv6 or any",
                "proxy='proxy.example'|proxy in FILE is refused: wanted the address of a proxy, such as http://",
                "no-proxy='localhost'|no-proxy in FILE is of no use without proxy; write for example proxy = ",
                "max-connections='many'|max-connections in FILE is refused: wanted a whole number",
                "nonce-file='/tmp/x'|nonce-file in FILE is refused: binance has no rising nonce; leave nonce-file out",
                "secret='file:/absent/secret'|secret in FILE is refused: secret file /absent/secret does not exist",
                "keystore='/absent.p12'|keystore in FILE is refused: keystore /absent.p12 does not exist; check the path",
                "truststore='/absent.p12'|truststore in FILE is refused: truststore /absent.p12 does not exist; check the path",
            })
    void faults_valueThatCannotBeUsed_isNamedWithItsSource(String line, String message) throws IOException {
        String toml = "[desk]\n" + (line.startsWith("venue") ? "" : "venue='binance'\n") + "key-id='desk-key'\n" + line;
        Profiles profiles = profiles(toml + "\n");
        List<String> faults = profiles.get("desk").faults();
        assertThat(faults).hasSize(1);
        assertThat(faults.get(0))
                .startsWith("profile desk: "
                        + message.replace("FILE", profiles.file().toString()));
    }

    @Test
    void get_permissionThatIsNone_isRefused() throws IOException {
        assertThatThrownBy(() -> profiles("[desk]\nvenue='binance'\npermissions=['read','everything']\n")
                        .get("desk"))
                .hasMessageEndingWith("must be some of read, trade and withdraw");
    }

    @Test
    void credential_keyOfAnotherKind_isRefused() throws IOException, GeneralSecurityException {
        byte[] der = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Path key = ownerOnly(
                "key.pem",
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(der)
                        + "\n-----END PRIVATE KEY-----\n");
        Profiles profiles = profiles("[desk]\nvenue='kraken'\nkey-id='desk-key'\nsecret='file:" + key + "'\n");
        assertThat(profiles.get("desk").faults().get(0))
                .contains("this is a PKCS#8 Ed25519 key; kraken takes an HMAC secret");
    }

    @Test
    void credential_allParts_areReadFromTheirSources() throws IOException {
        Path passphrase = ownerOnly("passphrase", "open sesame");
        Profile desk = profiles("[desk]\nvenue='okx'\nkey-id='desk-key'\nsecret='file:" + secret()
                        + "'\npassphrase='file:" + passphrase
                        + "'\n[desk.attributes]\nuid='42'\n[desk.secrets]\nmore='file:"
                        + passphrase + "'\n")
                .get("desk");
        try (Credential credential = desk.credential()) {
            assertThat(credential.keyId()).isEqualTo("desk-key");
            assertThat(credential.key().map(SigningKey::kind)).contains(KeyKind.SECRET);
            assertThat(credential.attribute("uid")).contains("42");
            for (String name : List.of("passphrase", "more")) {
                String read = InsecureSecretAccess.use(
                        credential.secret(name).orElseThrow(), bytes -> new String(bytes, StandardCharsets.UTF_8));
                assertThat(read).isEqualTo("open sesame");
            }
        }
        assertThat(desk.faults()).isEmpty();
    }

    @Test
    void client_proxyOfTheProfile_isAskedWithItsLoginAndExceptions() throws IOException {
        Path password = ownerOnly("proxy-password", "hunter2");
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String toml = "[desk]\nvenue='binance'\nkey-id='desk-key'\nsecret='file:" + secret()
                    + "'\nproxy='http://127.0.0.1:" + proxy.getLocalPort()
                    + "'\nproxy-user='desk'\nproxy-password='file:" + password
                    + "'\nno-proxy=['localhost', '.internal']\naddress-family='ipv4'\nlocal-address='127.0.0.5'\n";
            Profile desk = profiles(toml).get("desk");
            assertThat(desk.staticFaults()).isEmpty();
            assertThat(value(desk, "proxy-password")).startsWith("file:").doesNotContain("hunter2");
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> heard(proxy));
            try (VenueClient client = desk.client().build()) {
                assertThatThrownBy(() -> client.warmUp(1))
                        .isInstanceOfSatisfying(
                                NotSentException.class,
                                e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.PROXY));
            }
            assertThat(heard.join())
                    .isEqualTo("127.0.0.5 CONNECT api.binance.com:443 HTTP/1.1\r\nHost: api.binance.com:443\r\n"
                            + "Proxy-Authorization: Basic ZGVzazpodW50ZXIy\r\n\r\n");
            assertThat(profiles(toml.replace("'.internal'", "'.binance.com'"))
                            .get("desk")
                            .faults())
                    .isEmpty();
        }
    }

    /** Who asks for what; it is told that it may not. */
    private static String heard(ServerSocket proxy) {
        try (Socket socket = proxy.accept()) {
            StringBuilder head = new StringBuilder(socket.getInetAddress().getHostAddress() + " ");
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            socket.getOutputStream().write("HTTP/1.1 403 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return head.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void faults_proxyUserWithoutPassword_isNamed() throws IOException {
        Profile desk = profiles(
                        "[desk]\nvenue='binance'\nkey-id='desk-key'\nproxy='socks5://127.0.0.1:1080'\nproxy-user='desk'\n")
                .get("desk");
        assertThat(desk.staticFaults())
                .singleElement()
                .asString()
                .endsWith("needs both proxy-user and proxy-password, or neither");
    }

    @Test
    void settings_always_showNoSecretAndNoArgumentsOfACommand() throws IOException {
        Profile desk = profiles("[desk]\nvenue='okx'\nkey-id='0123456789abcdef'\nsecret='exec:fetch --pin 1234'\n"
                        + "passphrase='env:OKX_PASSPHRASE'\n")
                .get("desk");
        assertThat(desk.settings().stream().map(Setting::shown))
                .containsExactly("okx", "0123...", "exec:fetch ...", "env:OKX_PASSPHRASE");
        assertThat(desk).hasToString("Profile[desk]");
    }

    @Test
    void client_whenClosed_wipesTheCredentialThatItOwns() throws IOException {
        Profile desk = profiles("[desk]\nvenue='binance'\nkey-id='desk-key'\nsecret='file:" + secret() + "'\n")
                .get("desk");
        VenueClient client = desk.client().build();
        assertThat(client.explain(ApiRequest.get("/api/v3/account")).toString()).doesNotContain(SECRET);
        client.close();
        assertThatThrownBy(() -> client.explain(ApiRequest.get("/api/v3/account")))
                .hasMessageContaining("closed");
    }

    /** The whole way: a profile, a truststore in PEM, a nonce file and a venue that checks signatures. */
    @Test
    void client_ofAWholeProfile_isAnsweredByTheVenue() throws IOException, GeneralSecurityException {
        String secretText = Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8));
        try (SimulatedVenue sim = SimulatedVenue.start(KrakenSpot.VENUE)) {
            sim.addKey("desk-key", Secret.of(secretText.getBytes(StandardCharsets.UTF_8)), "");
            Path anchor = Files.writeString(
                    folder.resolve("root.pem"),
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(sim.trustAnchor().getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
            Path text = ownerOnly("kraken.secret", secretText);
            Profile desk = profiles("[desk]\nvenue='kraken'\nbase-uri='" + sim.uri()
                            + "'\nkey-id='desk-key'\nsecret='file:" + text + "'\ntruststore='" + anchor
                            + "'\nnonce-file='" + folder.resolve("nonces") + "'\n")
                    .get("desk");
            try (VenueClient client = desk.client().build()) {
                assertThat(client.send(ApiRequest.post("/0/private/Balance")).status())
                        .isEqualTo(200);
            }
            assertThat(folder.resolve("nonces")).exists();
        }
    }
}
