package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignCommandTest {
    @TempDir
    Path folder;

    private Path secret;

    @BeforeEach
    void writeSecret() throws IOException {
        // the published example key of Binance's documentation
        secret = ownerOnly("secret", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j");
    }

    private Path ownerOnly(String name, String text) throws IOException {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    /** Expected signature: HMAC SHA256 example of binance-spot-api-docs, rest-api.md. */
    @Test
    void sign_documentedRequest_printsTheDocumentedSignature() {
        Command command = Command.run(
                "sign",
                "binance",
                "POST",
                "/api/v3/order",
                "-q",
                "symbol=LTCBTC",
                "-q",
                "side=BUY",
                "-q",
                "type=LIMIT",
                "-q",
                "timeInForce=GTC",
                "-q",
                "quantity=1",
                "-q",
                "price=0.1",
                "-q",
                "recvWindow=5000",
                "-q",
                "timestamp=1499827319559",
                "--key-id",
                "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
                "--secret",
                "file:" + secret,
                "--json");
        assertThat(command.status()).as(command.err()).isZero();
        assertThat(command.out())
                .contains("\"signature\":\"c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71\"")
                .contains("\"venue\":\"binance\"")
                .doesNotContain("NhqPtmdS");
    }

    @Test
    void sign_requestFile_signsTheSame() throws IOException {
        Path request = Files.writeString(
                folder.resolve("request.json"),
                "{\"venue\":\"binance\",\"method\":\"GET\",\"path\":\"/api/v3/account\",\"query\":[[\"recvWindow\",\"5000\"]]}");
        Command fromFile = Command.run(
                "sign",
                "--request",
                request.toString(),
                "--time",
                "1499827319559",
                "--secret",
                "file:" + secret,
                "--json");
        Command fromOptions = Command.run(
                "sign",
                "binance",
                "GET",
                "/api/v3/account",
                "-q",
                "recvWindow=5000",
                "--time",
                "2017-07-12T02:41:59.559Z",
                "--secret",
                "file:" + secret,
                "--json");
        assertThat(fromFile.status()).as(fromFile.err()).isZero();
        assertThat(fromFile.out()).isEqualTo(fromOptions.out()).contains("timestamp=1499827319559");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--secret", "--with"})
    void sign_secretAsAnArgument_isRefused(String option) {
        Command command = Command.run(
                "sign",
                "binance",
                "GET",
                "/api/v3/account",
                option,
                option.equals("--with") ? "passphrase=hunter2" : "hunter2");
        assertThat(command.status()).isEqualTo(ExitCode.USAGE);
        assertThat(command.err()).contains("never as an argument").doesNotContain("hunter2");
    }

    @Test
    void sign_unknownVenue_namesTheNearest() {
        Command command = Command.run("sign", "binanse", "GET", "/api/v3/account");
        assertThat(command.status()).isEqualTo(ExitCode.FAULT);
        assertThat(command.err()).contains("there is no venue 'binanse'; did you mean 'binance'?");
    }

    @Test
    void sign_nothing_isWrongUsage() {
        assertThat(Command.run("sign").status()).isEqualTo(ExitCode.USAGE);
        assertThat(Command.run("sign", "--nonsense").status()).isEqualTo(ExitCode.USAGE);
        assertThat(Command.run("nonsense").status()).isEqualTo(ExitCode.USAGE);
        assertThat(Command.run("nonsense").err()).contains("see 'intaglio --help'");
    }

    @Test
    void vectors_wrongExpectation_isShownAndCounted() throws IOException {
        Path file = Path.of("../sdk-signing/src/test/resources/vectors/okx.json");
        String text = Files.readString(file);
        int from = text.indexOf("\"OK-ACCESS-SIGN\": \"") + 19;
        assertThat(from).isGreaterThan(19);
        char wrong = text.charAt(from) == 'A' ? 'B' : 'A';
        Path planted = Files.writeString(
                folder.resolve("okx.json"), text.substring(0, from) + wrong + text.substring(from + 1));
        Command command = Command.run("sign", "--vectors", planted.toString());
        assertThat(command.status()).isEqualTo(ExitCode.FAULT);
        assertThat(command.out())
                .contains("header OK-ACCESS-SIGN: wanted")
                .containsPattern("[0-9]+ passed, 1 failed\n$");
    }

    @Test
    void vectors_asJson_printOneObjectACaseInFileOrder() throws IOException {
        Path file = Path.of("../sdk-signing/src/test/resources/vectors/okx.json");
        Command command = Command.run("sign", "--vectors", file.toString(), "--json");
        assertThat(command.status()).as(command.out()).isZero();
        List<String> lines = command.out().lines().toList();
        List<?> cases = (List<?>) Json.object(file).get("cases");
        assertThat(lines).hasSize(cases.size());
        for (int i = 0; i < lines.size(); i++) {
            Map<?, ?> line = (Map<?, ?>) Json.value(lines.get(i), "line");
            assertThat(line.get("case")).isEqualTo(((Map<?, ?>) cases.get(i)).get("name"));
            assertThat(line.get("venue")).isEqualTo("okx");
        }
    }

    @Test
    void vectors_caseThatCannotBeSigned_saysSoInItsLine() throws IOException {
        Path file = Files.writeString(
                folder.resolve("bad.json"),
                "{\"venue\":\"kraken\",\"source\":\"none\",\"cases\":[{\"name\":\"no nonce\",\"credentials\":{\"apiKey\":\"k\",\"secret\":\"c2VjcmV0\"},"
                        + "\"clock_ms\":1,\"request\":{\"method\":\"POST\",\"baseUrl\":\"https://api.kraken.com\",\"path\":\"/0/private/Balance\"},\"expect\":{}}]}");
        Command command = Command.run("sign", "--vectors", file.toString(), "--json");
        assertThat(command.status()).isEqualTo(ExitCode.FAULT);
        assertThat(command.out())
                .startsWith(
                        "{\"venue\":\"kraken\",\"case\":\"no nonce\",\"error\":\"kraken needs a nonce, but the moment has none");
    }

    @Test
    void venues_listAndJson_nameEveryVenue() {
        assertThat(Command.run("venues").out()).contains("kraken ").contains("HMAC-SHA512");
        assertThat(Command.run("venues").out().lines())
                .anyMatch(line -> line.matches("venue +family +algorithms +nonce +window +limits +confirmed +address"))
                .anyMatch(line -> line.matches("kraken +signed headers +HMAC-SHA512 .* official +https://.*"))
                .anyMatch(line -> line.matches("binance +signed parameters .*"))
                .anyMatch(line -> line.matches("talos .* unconfirmed +https://.*"));
        assertThat(Command.run("venues", "--json").out().lines())
                .anyMatch(line -> line.contains("\"venue\":\"upbit\"")
                        && line.contains("\"family\":\"JWT\"")
                        && line.contains("\"confirmed\":\"second-implementation\""))
                .allMatch(line -> line.startsWith("{\"venue\":"))
                .anyMatch(line -> line.contains("\"venue\":\"okx\""));
    }

    @Test
    void help_everyCommand_showsAnExample() {
        for (String name : List.of("sign", "verify", "explain", "venues")) {
            assertThat(Command.run(name, "--help").out()).contains("Example").contains("intaglio " + name);
        }
        assertThat(Command.run("generate-completion").out()).contains("_complete_intaglio");
    }

    @Test
    void vectors_ofThisProject_allPass() throws IOException {
        Command command = Command.run(arguments(vectorFiles(Path.of("../sdk-signing/src/test/resources/vectors"))));
        assertThat(failed(command)).isEmpty();
        assertThat(command.out()).containsPattern("^[1-9][0-9]+ passed, 0 failed\n$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ccxt", "official"})
    void vectors_shared_allPass(String name) throws IOException {
        Path shared = Path.of(System.getProperty("intaglio.shared", "absent"), "vectors", name);
        Assumptions.assumeTrue(Files.isDirectory(shared), "no folder of shared vectors, see -Dintaglio.shared");
        Command command = Command.run(arguments(vectorFiles(shared)));
        assertThat(failed(command)).isEmpty();
        assertThat(command.out()).containsPattern("^[1-9][0-9]+ passed, 0 failed\n$");
    }

    private static List<String> failed(Command command) {
        return command.out()
                .lines()
                .filter(line -> !line.startsWith("  ") && !line.endsWith(" failed"))
                .toList();
    }

    private static List<Path> vectorFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static String[] arguments(List<Path> files) {
        List<String> arguments = new ArrayList<>(List.of("sign"));
        arguments.add("--vectors");
        files.forEach(file -> arguments.add(file.toString()));
        return arguments.toArray(String[]::new);
    }
}
