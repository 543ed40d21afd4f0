package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each usual mistake, made here with the JDK's own Mac, is named. */
class ExplainCommandTest {
    private static final String SECRET = "c2VjcmV0IG9mIHRoZSBkZXNr";

    @TempDir
    Path folder;

    private Path secret;

    @BeforeEach
    void writeSecret() throws IOException {
        Path file = Files.createFile(
                folder.resolve("secret"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        secret = Files.writeString(file, SECRET);
    }

    private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String coinbaseSign(byte[] key, String text) throws GeneralSecurityException {
        return Base64.getEncoder().encodeToString(mac(key, text));
    }

    private static byte[] decoded() {
        return Base64.getDecoder().decode(SECRET);
    }

    private static byte[] text() {
        return SECRET.getBytes(StandardCharsets.UTF_8);
    }

    private Command explain(String venue, String sent, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("sent"), sent);
        List<String> arguments = new ArrayList<>(List.of(
                "explain", venue, "--sent", file.toString(), "--key-id", "desk-key", "--secret", "file:" + secret));
        arguments.addAll(List.of(more));
        return Command.run(arguments.toArray(String[]::new));
    }

    private Command coinbase(String signature, String path, String time, String body) throws IOException {
        String sent = (body.isEmpty() ? "GET " : "POST ") + path + " HTTP/1.1\nHost: api.exchange.coinbase.com\n"
                + "CB-ACCESS-KEY: desk-key\nCB-ACCESS-SIGN: " + signature + "\nCB-ACCESS-TIMESTAMP: " + time
                + "\nCB-ACCESS-PASSPHRASE: " + SECRET + "\nContent-Type: application/json\n"
                + (body.isEmpty() ? "" : "\n" + body);
        return explain("coinbaseexchange", sent, "--with", "passphrase=file:" + secret);
    }

    @Test
    void explain_rightSignature_saysSo() throws Exception {
        String sign = coinbaseSign(decoded(), "1772366400GET/orders?status=open");
        Command command = coinbase(sign, "/orders?status=open", "1772366400", "");
        assertThat(command.out()).startsWith("ok: the request is signed as it should be with this key");
        assertThat(command.status()).isZero();
    }

    @Test
    void explain_secretUsedAsText_isNamed() throws Exception {
        String sign = coinbaseSign(text(), "1772366400GET/orders?status=open");
        Command command = coinbase(sign, "/orders?status=open", "1772366400", "");
        assertThat(command.out()).startsWith("the secret was used as text; this venue wants it base64-decoded");
        assertThat(command.status()).isEqualTo(ExitCode.FAULT);
        assertThat(command.out()).doesNotContain(SECRET);
    }

    @Test
    void explain_queryLeftOut_isNamed() throws Exception {
        String sign = coinbaseSign(decoded(), "1772366400GET/orders");
        assertThat(coinbase(sign, "/orders?status=open", "1772366400", "").out())
                .startsWith("the query was left out of what was signed; this venue signs it");
    }

    @Test
    void explain_bodySerialisedAgain_isNamed() throws Exception {
        String sign = coinbaseSign(decoded(), "1772366400POST/orders{\"side\": \"buy\", \"size\": \"1\"}");
        assertThat(coinbase(sign, "/orders", "1772366400", "{\"side\":\"buy\",\"size\":\"1\"}")
                        .out())
                .startsWith("the body was serialised again after signing: JSON with blanks");
    }

    @Test
    void explain_millisecondsForSeconds_isNamed() throws Exception {
        String sign = coinbaseSign(decoded(), "1772366400123GET/orders");
        String out = coinbase(sign, "/orders", "1772366400123", "").out();
        assertThat(out).contains("header CB-ACCESS-TIMESTAMP differs: sent '1772366400123', expected '1772366400'");
    }

    @Test
    void explain_formInAnotherOrder_isNamed() throws Exception {
        String sign = HexFormat.of().formatHex(mac(text(), "side=BUY&symbol=BTCUSDT&timestamp=1772366400123"));
        String curl = "curl -X POST 'https://api.binance.com/api/v3/order' -H 'X-MBX-APIKEY: desk-key' \\\n"
                + " -d 'timestamp=1772366400123&symbol=BTCUSDT&side=BUY&signature=" + sign + "'";
        assertThat(explain("binance", curl).out()).contains("form sorted by name");
    }

    @Test
    void explain_headerMissing_isNamed() throws Exception {
        String sign = coinbaseSign(decoded(), "1772366400GET/orders");
        String sent = "GET /orders HTTP/1.1\nCB-ACCESS-KEY: desk-key\nCB-ACCESS-SIGN: " + sign
                + "\nCB-ACCESS-TIMESTAMP: 1772366400\n";
        assertThat(explain("coinbaseexchange", sent, "--with", "passphrase=file:" + secret)
                        .out())
                .contains("header CB-ACCESS-PASSPHRASE is missing");
    }

    @Test
    void explain_textThatWasSigned_isCompared() throws Exception {
        assertThat(explain(
                                "okx",
                                "2026-03-01T12:00:00.123ZGET/api/v5/account/balance\n",
                                "--with",
                                "passphrase=file:" + secret,
                                "--time",
                                "1772366400123")
                        .err())
                .contains("name a method and a path after the venue");
        Path file = Files.writeString(folder.resolve("text"), "2026-03-01T12:00:00.123ZGET/api/v5/account/balance");
        Command command = Command.run(
                "explain",
                "okx",
                "GET",
                "/api/v5/account/balance",
                "-q",
                "ccy=BTC",
                "--sent",
                file.toString(),
                "--key-id",
                "desk-key",
                "--secret",
                "file:" + secret,
                "--with",
                "passphrase=file:" + secret,
                "--time",
                "1772366400123");
        assertThat(command.out()).startsWith("the query is missing\n").contains("seen the end");
    }

    @Test
    void diff_eachUsualDifference_isNamed() throws IOException {
        assertThat(diff("GET\n/a?b=1&c=2", "GET\n/a?b=1&c=2")).startsWith("ok: the texts are equal");
        assertThat(diff("1772366400123GET/a", "1772366400GET/a")).startsWith("the time is in seconds");
        assertThat(diff("a=1&b=2&c=3", "b=2&a=1&c=3")).startsWith("the same fields in another order");
        assertThat(diff("GET/a?x=a%20b", "GET/a?x=a b")).startsWith("percent-encoding");
        assertThat(diff("GET/a", "get/a")).startsWith("letter case");
        assertThat(diff("GET/a{\"x\":1,\"y\":2}", "GET/a{\"x\": 1, \"y\": 2}"))
                .startsWith("the JSON body is the same value");
        assertThat(diff("GET/a", "GET/b")).startsWith("the texts part at character 5: expected 'a', seen 'b'");
    }

    private String diff(String ours, String theirs) throws IOException {
        Path left = Files.writeString(folder.resolve("left"), ours);
        Path right = Files.writeString(folder.resolve("right"), theirs);
        return Command.run("explain", "--diff", left.toString(), right.toString())
                .out();
    }

    @Test
    void explain_request_showsEveryPart() {
        Command command = Command.run(
                "explain",
                "coinbaseexchange",
                "GET",
                "/orders",
                "--key-id",
                "desk-key",
                "--secret",
                "file:" + secret,
                "--with",
                "passphrase=file:" + secret,
                "--time",
                "1772366400123");
        assertThat(command.out()).contains("signed     1772366400GET/orders").doesNotContain(SECRET);
    }

    @Test
    void verify_rightAndWrong_isTold() throws Exception {
        String right = coinbaseSign(decoded(), "1772366400GET/orders");
        for (boolean valid : new boolean[] {true, false}) {
            String sent = "GET /orders HTTP/1.1\nCB-ACCESS-KEY: desk-key\nCB-ACCESS-SIGN: "
                    + (valid ? right : coinbaseSign(text(), "x"))
                    + "\nCB-ACCESS-TIMESTAMP: 1772366400\nCB-ACCESS-PASSPHRASE: " + SECRET + "\n";
            Path file = Files.writeString(folder.resolve("sent"), sent);
            Command command = Command.run(
                    "verify",
                    "coinbaseexchange",
                    "--sent",
                    file.toString(),
                    "--key-id",
                    "desk-key",
                    "--secret",
                    "file:" + secret,
                    "--with",
                    "passphrase=file:" + secret);
            assertThat(command.status()).as(command.out() + command.err()).isEqualTo(valid ? 0 : ExitCode.REFUSED);
            assertThat(command.out()).startsWith(valid ? "valid" : "not valid");
        }
    }
}
