package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.RejectedException;
import io.intaglio.client.UnansweredException;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.audit.AuditLog;
import io.intaglio.client.audit.AuditedCall;
import io.intaglio.client.audit.CheckpointSink;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
    /** Ends the line, clears the terminal, turns the writing around, is a formula and a script. */
    private static final String HOSTILE = "=1+1\r\n\u001b[2J\u202e<script>alert('x')</script>\"";

    @TempDir
    Path folder;

    private Path log;
    private Path outside;
    private Path publicKey;

    @BeforeEach
    void write() throws IOException {
        log = folder.resolve("log");
        outside = folder.resolve("outside");
        SigningKey key = SigningKey.generate(KeyKind.ED25519);
        publicKey = Files.writeString(
                folder.resolve("audit.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder()
                                .encodeToString(key.publicKey().orElseThrow().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        Credential credential = Credential.hmac("key-1", Secret.of("s".getBytes(StandardCharsets.US_ASCII)));
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
        try (AuditLog audit = AuditLog.builder(log)
                .policy(AuditLog.Policy.EVERY_SECOND)
                .checkpoints(key, CheckpointSink.file(outside))
                .clock(now::get)
                .open()) {
            for (int i = 0; i < 10; i++) {
                ApiRequest order = ApiRequest.post("/api/v3/order")
                        .form("symbol", i == 3 ? HOSTILE : "BTCUSDT")
                        .clientOrderId(i == 3 ? HOSTILE : "order-" + i);
                AuditedCall call = audit.call(BinanceSpot.VENUE, order, credential);
                call.budget("request-weight", 10L * i, 6000);
                call.begin();
                now.set(now.get().plusSeconds(60));
                Duration took = Duration.ofMillis(10 + i);
                VenueException.Call told = new VenueException.Call("binance", "order-" + i, 1);
                switch (i) {
                    case 4 -> {
                        UnansweredException e = new UnansweredException(told, "lost", null);
                        call.attempted(took, e);
                        call.failed(e, took);
                    }
                    case 5 -> {
                        RejectedException e = new RejectedException(
                                told, VenueException.Effect.NONE, 400, "-2010", null, "", null, "no");
                        call.attempted(took, e);
                        call.failed(e, took);
                    }
                    case 9 -> {
                        // stays open
                    }
                    default -> {
                        VenueResponse yes = new VenueResponse(200, List.of(), new byte[0], "x", 1, took);
                        call.attempted(took, yes);
                        call.ended(yes);
                    }
                }
            }
        }
    }

    private Command audit(String... args) {
        List<String> all = new ArrayList<>(List.of("audit"));
        all.addAll(List.of(args));
        return Command.run(all.toArray(new String[0]));
    }

    private Command verify(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "verify", log.toString(), "--checkpoints", outside.toString(), "--public-key", publicKey.toString()));
        args.addAll(List.of(more));
        return audit(args.toArray(new String[0]));
    }

    private void change(String from, String to) throws IOException {
        Path file = log.resolve("000001.jsonl");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void verify_soundLog_zero() {
        Command command = verify();
        assertThat(command.status()).isZero();
        assertThat(command.out())
                .startsWith("sound")
                .contains("records 1 to 22 are as they were written; vouched for up to 22");
        assertThat(verify("--json").out()).startsWith("{\"sound\":true,\"first\":1,\"last\":22,\"vouchedFor\":22");
        Command chainAlone = audit("verify", log.toString());
        assertThat(chainAlone.status()).isZero();
        assertThat(chainAlone.out()).contains("a cut tail, or a log written anew as a whole, cannot be seen");
    }

    @Test
    void verify_changedRecord_oneAndNamed() throws IOException {
        change("\"order\":\"order-2\",\"host\"", "\"order\":\"order-8\",\"host\"");
        Command command = verify();
        assertThat(command.status()).isEqualTo(1);
        assertThat(command.out()).startsWith("NOT sound").contains("record 7", "000001.jsonl line 7", "it was changed");
        assertThat(verify("--json").out()).contains("\"sound\":false", "\"record\":7");
    }

    @Test
    void verify_checkpointsWithoutKey_usage() {
        assertThat(audit("verify", log.toString(), "--checkpoints", outside.toString())
                        .status())
                .isEqualTo(2);
    }

    @Test
    void verify_noLog_oneAndSaysSo() {
        Command command = audit("verify", folder.resolve("absent").toString());
        assertThat(command.status()).isEqualTo(1);
        assertThat(command.err()).contains("there is no audit log in");
    }

    @Test
    void show_calls_oneLineEachAndHostileTextsForgeNone() {
        Command command = audit("show", log.toString(), "--fields");
        assertThat(command.status()).isZero();
        assertThat(command.out().lines()).hasSize(10);
        assertThat(command.out().chars().filter(c -> c != '\n' && (c < ' ' || c == 0x202e || c == 0x7f)))
                .isEmpty();
        assertThat(command.out())
                .contains("=1+1\\u000d\\u000a\\u001b[2J\\u202e<script>")
                .containsPattern("rejected +15 ms +1 +order-5 +-2010")
                .containsPattern("open +0 +order-9");
    }

    @Test
    void show_selected_onlyThose() {
        assertThat(audit("show", log.toString(), "--outcome", "unanswered").out())
                .contains("order-4")
                .hasLineCount(1);
        assertThat(audit("show", log.toString(), "--order", "order-7", "--json")
                        .out()
                        .lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("{\"seq\":"));
        assertThat(audit("show", log.toString(), "--since", "2026-03-01T12:01:00Z", "--until", "2026-03-01T12:03:00Z")
                        .out())
                .contains("order-1", "order-2")
                .hasLineCount(2);
        assertThat(audit("show", log.toString(), "--since", "noon").status()).isEqualTo(2);
    }

    /** Read back by a parser of RFC 4180 of the test's own. */
    @Test
    void export_csv_readsBackAndHoldsNoFormula() {
        Command command = audit("export", log.toString(), "--csv");
        assertThat(command.status()).isZero();
        List<List<String>> rows = csv(command.out());
        assertThat(rows).hasSize(11).allSatisfy(row -> assertThat(row).hasSameSizeAs(rows.get(0)));
        List<String> heads = rows.get(0);
        List<String> hostile = rows.get(4);
        assertThat(hostile.get(heads.indexOf("order")))
                .isEqualTo("'=1+1\\u000d\\u000a\\u001b[2J\\u202e<script>alert('x')</script>\"");
        assertThat(rows.get(1).get(heads.indexOf("us"))).isEqualTo("10000");
        assertThat(rows.get(5).get(heads.indexOf("effect"))).isEqualTo("unknown");
        assertThat(audit("export", log.toString(), "--json").out().lines())
                .hasSize(10)
                .first()
                .asString()
                .startsWith("{\"at\":\"2026-03-01T12:00:00Z\",\"outcome\":\"accepted\"");
    }

    private static List<List<String>> csv(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    cell.append(c);
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',' || c == '\n') {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(row);
                    row = new ArrayList<>();
                }
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        return rows;
    }

    @Test
    void report_soundLog_onePageWithChartsAndNothingFromElsewhere() throws IOException {
        Path page = folder.resolve("report.html");
        Command command = audit(
                "report",
                log.toString(),
                "--out",
                page.toString(),
                "--checkpoints",
                outside.toString(),
                "--public-key",
                publicKey.toString());
        assertThat(command.status()).as(command.err()).isZero();
        String html = Files.readString(page);
        assertThat(html)
                .contains("The log is sound", "default-src 'none'", "10</b><span>calls", "70.00 %")
                .contains("<svg", "Calls by outcome", "Time a call took", "Fullest limit", "not accepted")
                .contains("Calls whose effect is not known, 2")
                .doesNotContain("<script", "http://", "https://", "url(", "src=", "@import");
        assertThat(html.split("<svg", -1)).hasSize(5);
    }

    @Test
    void report_changedLog_saysSoAndOne() throws IOException {
        change("\"order\":\"order-2\",\"host\"", "\"order\":\"order-8\",\"host\"");
        Path page = folder.resolve("report.html");
        assertThat(audit("report", log.toString(), "--out", page.toString(), "--json")
                        .status())
                .isEqualTo(1);
        assertThat(Files.readString(page)).contains("The log is NOT sound", "record 7");
        change("\"order\":\"order-6\",\"host\"", "\"order\":\"order-6\"\"host\"");
        assertThat(audit("report", log.toString(), "--out", page.toString()).status())
                .isEqualTo(1);
        assertThat(Files.readString(page)).contains("before the damage alone", "is no record");
    }
}
