package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.VaultFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command's words and statuses; the venues' answers are those of their documentation. */
class KeysCommandTest {
    private static final String SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

    @TempDir
    Path folder;

    private Path ownerOnly(String name, String content) throws IOException {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private static SigningKey read(Path file) {
        return KeyReader.read(Secret.fromFile(file));
    }

    // ---- generate, inspect, convert

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "ed25519, an Ed25519 private key",
        "rsa, an RSA private key of 2048 bits",
        "ec_p256, an EC P-256 private key",
        "ec_p384, an EC P-384 private key",
        "ec_secp256k1, an EC secp256k1 private key"
    })
    void generate_anyKind_writesOwnerOnlyAndPrintsThePublicHalf(String kind, String words) throws IOException {
        Command made = Command.run("keys", "generate", kind, "--out", at("desk.pem"));
        assertThat(made.status()).as(made.err()).isZero();
        Path file = folder.resolve("desk.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        byte[] shown = KeyReader.readPublic(made.out()).getEncoded();
        assertThat(shown).isEqualTo(read(file).publicKey().orElseThrow().getEncoded());
        assertThat(made.err()).contains("not encrypted, to " + file);
        Command inspected = Command.run("keys", "inspect", at("desk.pem"));
        assertThat(inspected.out()).startsWith("this is " + words + "\n").contains(made.out());
        assertThat(inspected.out()).doesNotContain("PRIVATE KEY");
    }

    @Test
    void generate_fileThatExists_isNotOverwritten() throws IOException {
        ownerOnly("desk.pem", "precious");
        Command made = Command.run("keys", "generate", "ed25519", "--out", at("desk.pem"));
        assertThat(made.status()).isEqualTo(1);
        assertThat(made.err()).contains("exists already and is not overwritten; choose another name");
        assertThat(made.out()).isEmpty();
        assertThat(Files.readString(folder.resolve("desk.pem"))).isEqualTo("precious");
    }

    @Test
    void generate_forAVenue_writesThePublicKeyAsItWantsIt() {
        Command made = Command.run("keys", "generate", "ed25519", "--out", at("k"), "--venue", "robinhood");
        assertThat(Base64.getDecoder().decode(made.out().strip()))
                .isEqualTo(read(folder.resolve("k")).rawPublicKey());
        Command refused = Command.run("keys", "generate", "ed25519", "--out", at("other"), "--venue", "kraken");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("kraken takes no ed25519 keys");
        assertThat(folder.resolve("other")).doesNotExist();
    }

    @Test
    void generate_withPassword_isEncryptedAndConvertsBack() throws IOException {
        Path password = ownerOnly("password", "correct horse\n");
        Command made = Command.run(
                "keys", "generate", "ec_p256", "--out", at("sealed.pem"), "--new-password-file", password.toString());
        assertThat(made.err()).contains("encrypted, to");
        assertThat(Files.readString(folder.resolve("sealed.pem"))).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        Command without = Command.run("keys", "inspect", at("sealed.pem"));
        assertThat(without.status()).isEqualTo(1);
        assertThat(without.err()).contains("encrypted private key and no password is given");
        Command converted = Command.run(
                "keys", "convert", at("sealed.pem"), "--out", at("plain.pem"), "--password-file", password.toString());
        assertThat(converted.status()).as(converted.err()).isZero();
        assertThat(KeyReader.readPublic(made.out()))
                .isEqualTo(read(folder.resolve("plain.pem")).publicKey().orElseThrow());
        ownerOnly("wrong", "wrong");
        Command wrong = Command.run("keys", "inspect", at("sealed.pem"), "--password-file", at("wrong"));
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err()).contains("the password does not open").doesNotContain("wrong\"");
    }

    @Test
    void convert_seedToPemAndBack_isTheSameSeed() throws IOException {
        String seed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="; // RFC 8032, section 7.1, test 1
        ownerOnly("seed", seed + "\n");
        assertThat(Command.run("keys", "convert", at("seed"), "--seed", "base64", "--out", at("k.pem"))
                        .status())
                .isZero();
        assertThat(Base64.getEncoder()
                        .encodeToString(read(folder.resolve("k.pem")).rawPublicKey()))
                .isEqualTo("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        assertThat(Command.run("keys", "convert", at("k.pem"), "--to", "seed_base64", "--out", at("again"))
                        .status())
                .isZero();
        assertThat(Files.readString(folder.resolve("again"))).isEqualTo(seed);
        assertThat(Command.run("keys", "convert", at("k.pem"), "--to", "der", "--out", at("k.der"))
                        .status())
                .isZero();
        assertThat(read(folder.resolve("k.der")).rawPublicKey())
                .isEqualTo(read(folder.resolve("k.pem")).rawPublicKey());
    }

    @Test
    void password_twoWays_orNoTerminal_isWrongUsage() throws IOException {
        Path password = ownerOnly("password", "x");
        Command two = Command.run(
                "keys",
                "generate",
                "ed25519",
                "--out",
                at("k"),
                "--new-password-file",
                password.toString(),
                "--new-password-fd",
                "9");
        assertThat(two.status()).isEqualTo(2);
        assertThat(two.err()).contains("give one of --new-password-prompt, --new-password-file and --new-password-fd");
        Command closed = Command.run("keys", "generate", "ed25519", "--out", at("k"), "--new-password-fd", "977");
        assertThat(closed.status()).isEqualTo(2);
        assertThat(closed.err()).contains("descriptor 977 cannot be read; open it as in: 977< password.txt");
        assertThat(folder.resolve("k")).doesNotExist();
    }

    // ---- import

    @Test
    void import_intoAVault_isReadBackByReference() throws IOException {
        Path password = ownerOnly("password", "correct horse");
        ownerOnly("kraken.secret", SECRET + "\n");
        List<String> common = List.of(
                "keys",
                "import",
                at("kraken.secret"),
                "--into",
                at("desk.vault"),
                "--password-file",
                password.toString());
        Command made = run(common, "--name", "kraken", "--create");
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.err())
                .contains("use it as vaultfile:" + at("desk.vault") + "#kraken")
                .doesNotContain(SECRET);
        try (VaultFile vault = VaultFile.open(folder.resolve("desk.vault"), Secret.fromFile(password))) {
            assertThat(vault.get("kraken")).isEqualTo(Secret.of(SECRET.getBytes(StandardCharsets.UTF_8)));
        }
        Command again = run(common, "--name", "kraken");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("has an entry kraken already; give --replace");
        assertThat(run(common, "--name", "kraken", "--replace").status()).isZero();
        Command noPassword = Command.run("keys", "import", at("kraken.secret"), "--into", at("v"), "--name", "k");
        assertThat(noPassword.status()).isEqualTo(2);
        assertThat(noPassword.err()).contains("a vault has a password");
    }

    private static Command run(List<String> common, String... more) {
        List<String> arguments = new java.util.ArrayList<>(common);
        arguments.addAll(List.of(more));
        return Command.run(arguments.toArray(String[]::new));
    }

    // ---- check

    @Test
    void check_files_saysPermissionsAgeAndKind() throws IOException {
        Path key = ownerOnly("hmac", SECRET);
        Command good = Command.run("keys", "check", key.toString(), "--venue", "okx");
        assertThat(good.status()).as(good.out()).isZero();
        assertThat(good.out())
                .contains("ok: " + key + " can be read by its owner alone")
                .contains("ok: this is an HMAC secret");
        Files.setLastModifiedTime(key, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Command old = Command.run("keys", "check", key.toString());
        assertThat(old.status()).isZero();
        assertThat(old.out()).contains("note: the file " + key).contains("a new key is due after 365");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        Command open = Command.run("keys", "check", key.toString(), "--json");
        assertThat(open.status()).isEqualTo(1);
        assertThat(open.out()).contains("\"level\":\"fault\"").contains("is open to others than its owner (rw-r--r--)");
    }

    @Test
    void check_kindThatTheVenueDoesNotTake_isAFault() {
        Command.run("keys", "generate", "ec_p256", "--out", at("ec.pem"));
        Command checked = Command.run("keys", "check", at("ec.pem"), "--venue", "binance");
        assertThat(checked.status()).isEqualTo(1);
        assertThat(checked.out())
                .contains("this is a PKCS#8 EC P-256 key; binance takes Ed25519, RSA or an HMAC secret");
    }

    private Command profiled(String venue, String answer, String permissions, String... more) throws IOException {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder().code(200).body(answer).build());
            Path secret = ownerOnly("secret", SECRET);
            Path profiles = Files.writeString(
                    folder.resolve("profiles.toml"),
                    "[desk]\nvenue='" + venue + "'\nbase-uri='http://127.0.0.1:" + server.getPort()
                            + "'\nkey-id='desk-key'\nsecret='file:" + secret + "'\npassphrase='file:" + secret
                            + "'\npermissions=[" + permissions + "]\n");
            return run(List.of("keys", "check", "--profile", "desk", "--profiles-file", profiles.toString()), more);
        }
    }

    /** https://developers.binance.com/docs/wallet/account/api-key-permission, the answer there with other values. */
    private static String binance(boolean withdrawals, boolean bound) {
        return "{\"ipRestrict\":" + bound + ",\"createTime\":1623840271000,\"enableReading\":true,"
                + "\"enableWithdrawals\":" + withdrawals + ",\"enableInternalTransfer\":true,\"enableMargin\":false,"
                + "\"enableFutures\":false,\"permitsUniversalTransfer\":true,\"enableVanillaOptions\":false,"
                + "\"enableFixApiTrade\":false,\"enableFixReadOnly\":true,\"enableSpotAndMarginTrading\":true,"
                + "\"enablePortfolioMarginTrading\":true}";
    }

    @Test
    void check_binanceKeyThatMayWithdraw_isRefusedByThePolicy() throws IOException {
        Command refused =
                profiled("binance", binance(true, false), "'read','trade','withdraw'", "--refuse-if-withdraw");
        assertThat(refused.status()).as(refused.err()).isEqualTo(6);
        assertThat(refused.out())
                .contains("refused: the key may withdraw")
                .contains("note: the key works from every address")
                .contains("note: the key was made")
                .doesNotContain(SECRET);
    }

    @Test
    void check_binanceKeyThatMayNot_passesThePolicy() throws IOException {
        Command passed = profiled("binance", binance(false, true), "'read','trade'", "--refuse-if-withdraw");
        assertThat(passed.status()).as(passed.out() + passed.err()).isZero();
        assertThat(passed.out())
                .contains("ok: the venue lets the key read, trade")
                .contains("ok: the key works from listed addresses alone");
    }

    @Test
    void check_keyMayMoreThanTheProfileSays_isAFault() throws IOException {
        Command checked = profiled("binance", binance(false, true), "'read'");
        assertThat(checked.status()).isEqualTo(1);
        assertThat(checked.out()).contains("fault: the key may trade, but the profile says it must not");
    }

    /** https://bybit-exchange.github.io/docs/v5/user/apikey-info */
    @Test
    void check_bybit_readsWalletAddressesAndExpiry() throws IOException {
        String answer = "{\"retCode\":0,\"retMsg\":\"\",\"result\":{\"id\":\"13770661\",\"note\":\"XXXXXX\","
                + "\"apiKey\":\"XXXXXX\",\"readOnly\":0,\"secret\":\"\",\"permissions\":{\"ContractTrade\":[\"Order\","
                + "\"Position\"],\"Spot\":[\"SpotTrade\"],\"Wallet\":[\"AccountTransfer\",\"Withdraw\"],"
                + "\"Options\":[\"OptionsTrade\"],\"Earn\":[]},\"ips\":[\"*\"],\"type\":1,\"deadlineDay\":83,"
                + "\"expiredAt\":\"2023-05-15T03:21:05Z\",\"createdAt\":\"2022-10-16T02:24:40Z\"},\"time\":1684120000000}";
        Command refused = profiled("bybit", answer, "'read','trade','withdraw'", "--refuse-if-withdraw");
        assertThat(refused.status()).as(refused.err()).isEqualTo(6);
        assertThat(refused.out())
                .contains("the venue lets the key read, trade, withdraw")
                .contains("fault: the key ended at 2023-05-15T03:21:05Z")
                .contains("note: the key works from every address");
    }

    /** https://www.okx.com/docs-v5/en/#trading-account-rest-api-get-account-configuration */
    @Test
    void check_okx_readsPermissionsAndAddresses() throws IOException {
        String answer = "{\"code\":\"0\",\"data\":[{\"acctLv\":\"2\",\"ip\":\"117.37.203.58,117.37.203.57\","
                + "\"label\":\"v5 test\",\"perm\":\"read_only,trade\",\"uid\":\"44705892343619584\"}],\"msg\":\"\"}";
        Command passed = profiled("okx", answer, "'read','trade'", "--refuse-if-withdraw");
        assertThat(passed.status()).as(passed.out() + passed.err()).isZero();
        assertThat(passed.out()).contains("the key works from listed addresses alone");
    }

    @Test
    void check_venueThatDoesNotTell_isRefusedUnderThePolicyAndNotedWithout() throws IOException {
        Command noted = profiled("coinbaseexchange", "{}", "'read','trade'");
        assertThat(noted.status()).as(noted.out()).isZero();
        assertThat(noted.out()).contains("note: what the key may do is not known");
        Files.delete(folder.resolve("secret"));
        Command refused = profiled("binance", "{}", "'read','trade'", "--refuse-if-withdraw", "--offline");
        assertThat(refused.status()).isEqualTo(6);
        assertThat(refused.out()).contains("refused: what the key may do is not known: the venue was not asked");
    }

    @Test
    void check_venueRefusesTheKey_hasTheStatusOfARefusal() throws IOException {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder()
                    .code(401)
                    .body("{\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions for action.\"}")
                    .build());
            Path secret = ownerOnly("secret", SECRET);
            Path profiles = Files.writeString(
                    folder.resolve("profiles.toml"),
                    "[desk]\nvenue='binance'\nbase-uri='http://127.0.0.1:" + server.getPort()
                            + "'\nkey-id='desk-key'\nsecret='file:" + secret + "'\n");
            Command refused = Command.run("keys", "check", "--profile", "desk", "--profiles-file", profiles.toString());
            assertThat(refused.status()).isEqualTo(3);
            assertThat(refused.err()).doesNotContain(SECRET);
        }
    }
}
