package io.intaglio.signing.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretStoreTest {
    private static final SecretStore STORE = SecretStore.standard();

    @TempDir
    Path folder;

    // ---- every form

    @Test
    void resolve_env_isTheVariable() {
        assertThat(text(STORE.resolve("env:PATH"))).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void resolve_file_isItsContent() throws IOException {
        Path file = file("key", "content\n");
        assertThat(text(STORE.resolve("file:" + file))).isEqualTo("content");
    }

    @Test
    void resolve_exec_isStandardOutputAlone() throws IOException {
        Path script = script("echo spoken; echo whispered >&2");
        assertThat(text(STORE.resolve("exec:" + script))).isEqualTo("spoken");
    }

    /** Nothing expands a variable, a pattern or a substitution. */
    @Test
    void resolve_execWithArguments_usesNoShell() throws IOException {
        Path script = script("printf '%s|' \"$@\"");
        assertThat(text(STORE.resolve("exec:" + script + " $HOME 'two words' \"$(id)\"  * '' ;")))
                .isEqualTo("$HOME|two words|$(id)|*||;|");
    }

    @Test
    void resolve_vaultfile_isTheEntry() throws IOException {
        Path vaultFile = folder.resolve("desk#1.vault");
        try (VaultFile vault = VaultFile.create(vaultFile, Secret.of("password".getBytes(UTF_8)))) {
            vault.put("kraken", Secret.of("content".getBytes(UTF_8)));
        }
        SecretStore store = SecretStore.builder()
                .unlock(vaultFile, "file:" + file("password", "password\n"))
                .build();
        assertThat(text(store.resolve("vaultfile:" + vaultFile + "#kraken"))).isEqualTo("content");
    }

    // ---- refusals that are not about a file's content; those are in BrokenSourcesTest

    @ParameterizedTest
    @ValueSource(strings = {"", "hunter2hunter2", "hunter2:hunter2", "FILE:/x", " env:PATH", "https://vault/v1/secret"})
    void resolve_noReference_isRefusedWithoutShowingIt(String text) {
        assertThatThrownBy(() -> STORE.resolve(text))
                .isInstanceOf(SecretException.class)
                .hasMessage(
                        "a secret is given by reference, and this begins with none of env:, file:, exec:, keystore:, "
                                + "vaultfile:, keyring: and pkcs11:; write for example file:/etc/desk/secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file: | file: names no file; write file:/path/to/file",
                "keystore:a.p12 | keystore: wants a file and a name in it; write keystore:/path/to/file#ALIAS",
                "vaultfile:a.vault# | vaultfile: wants a file and a name in it; write vaultfile:/path/to/file#NAME",
                "vaultfile:#a | vaultfile: names no file; write vaultfile:/path/to/file",
                "exec: | exec: names no program; write exec:/path/to/program and its arguments",
                "exec:'a | exec: has a quote that is not closed; close it",
                "keyring:a b | keyring: takes a name of letters, digits, dots, underscores and dashes; write keyring:desk-7",
                "keyring:-rf | keyring: takes a name of letters, digits, dots, underscores and dashes; write keyring:desk-7",
                "pkcs11:a.cfg#b | pkcs11: names a key that never leaves its token; open it as a signing key with Pkcs11Token",
                "exec:/no/such/program x | command /no/such/program cannot be started; check that it is installed and executable"
            })
    void resolve_incompleteReference_saysWhatIsWanted(String reference, String message) {
        assertThatThrownBy(() -> STORE.resolve(reference))
                .isInstanceOf(SecretException.class)
                .hasMessage(message)
                .hasNoCause();
    }

    @Test
    void resolve_execFails_saysSoAndShowsNothingOfItsTalk() throws IOException {
        Path script = script("echo topsecret; echo topsecret >&2; exit 3");
        assertThatThrownBy(() -> STORE.resolve("exec:" + script + " topsecret"))
                .isInstanceOf(SecretException.class)
                .hasMessage("command " + script + " ended with a status other than 0; run it by hand to see why, "
                        + "its messages are not shown here")
                .hasNoCause();
    }

    @Test
    void resolve_execSaysNothing_isRefused() throws IOException {
        Path script = script("exit 0");
        assertThatThrownBy(() -> STORE.resolve("exec:" + script))
                .hasMessage("command " + script + " wrote nothing to standard output; run it by hand to see why");
    }

    @Test
    void resolve_execSaysTooMuch_isRefused() throws IOException {
        Path script = script("head -c 65537 /dev/zero");
        assertThatThrownBy(() -> STORE.resolve("exec:" + script))
                .hasMessage("command " + script + " writes more than 64 KiB; is it the right command?");
    }

    @Test
    void resolve_execSaysAsMuchAsItMay_isTaken() throws IOException {
        Path script = script("head -c 65536 /dev/zero");
        assertThat(STORE.resolve("exec:" + script).length()).isEqualTo(65536);
    }

    /** One that asks for something gets the end of its input, and need not be waited for. */
    @Test
    void resolve_execReadsItsInput_getsNone() throws IOException {
        Path script = script("cat; echo end");
        assertThat(text(STORE.resolve("exec:" + script))).isEqualTo("end");
    }

    /** Also when a child of the program holds its output open. */
    @Test
    void resolve_execTakesTooLong_isEndedWithItsChildren() throws IOException {
        Path pid = folder.resolve("pid");
        Path script = script("sleep 600 & echo $! > " + pid + "; wait");
        SecretStore impatient =
                SecretStore.builder().commandTimeLimit(Duration.ofSeconds(1)).build();
        assertThatThrownBy(() -> impatient.resolve("exec:" + script))
                .hasMessage("command " + script
                        + " takes longer than 1 s; does it ask for something? it gets no input here");
        if (Files.exists(pid)) { // on a slow machine it may not have come so far
            long child = Long.parseLong(Files.readString(pid).strip());
            ProcessHandle.of(child).ifPresent(handle -> handle.onExit().join());
        }
    }

    @Test
    void commandTimeLimit_outOfRange_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretStore.builder().commandTimeLimit(Duration.ofMillis(999)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretStore.builder()
                        .commandTimeLimit(Duration.ofMinutes(10).plusMillis(1)))
                .withMessage("command time limit is PT10M0.001S, but 1 second to 10 minutes are wanted");
        SecretStore.builder().commandTimeLimit(Duration.ofSeconds(1)).commandTimeLimit(Duration.ofMinutes(10));
    }

    @Test
    void password_noSourceGiven_saysHowToGiveOne() {
        Path file = folder.resolve("a.p12");
        assertThatThrownBy(() -> SecretStore.builder().build().password(file))
                .hasMessage(file + " needs a password and no source for it is given; use "
                        + "SecretStore.builder().unlock(file, reference), or set INTAGLIO_UNLOCK to a reference");
        SecretStore circle = SecretStore.builder().unlock("vaultfile:b.vault#a").build();
        assertThatThrownBy(() -> circle.password(file))
                .hasMessage("the password for " + file + " lies in a file that needs a password itself; take it from "
                        + "file:, env:, exec: or keyring:");
    }

    // ---- the operating system's store

    @Test
    void keyring_commands_areThoseOfEachSystem() {
        assertThat(Keyring.of("Linux").command("desk-7"))
                .containsExactly("secret-tool", "lookup", "service", "intaglio", "account", "desk-7");
        assertThat(Keyring.of("Mac OS X").command("desk-7"))
                .containsExactly("/usr/bin/security", "find-generic-password", "-s", "intaglio", "-a", "desk-7", "-w");
        List<String> windows = Keyring.of("Windows Server 2022").command("desk-7");
        assertThat(windows).startsWith("powershell.exe", "-NoProfile", "-NonInteractive", "-Command");
        assertThat(windows.get(4)).contains("'intaglio\\desk-7.dpapi'").contains("Unprotect($b,$null,'CurrentUser')");
    }

    @Test
    void resolve_keyringOnAHeadlessMachine_explainsTheWayOut() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "Linux only");
        Assumptions.assumeTrue(System.getenv("DBUS_SESSION_BUS_ADDRESS") == null, "this machine has a session bus");
        assertThatThrownBy(() -> STORE.resolve("keyring:intaglio-test-no-such-entry"))
                .isInstanceOf(SecretException.class)
                .satisfies(thrown -> assertThat(thrown.getMessage())
                        .isIn(
                                "command secret-tool cannot be started; check that it is installed and executable",
                                Keyring.LINUX.nothing("intaglio-test-no-such-entry")));
        assertThat(Keyring.LINUX.nothing("x")).contains("without a desktop").contains("use vaultfile: or file:");
    }

    // ---- watching

    @Test
    void refresh_contentIsTheSame_isNoChange() throws IOException {
        Path file = file("key", "one");
        try (WatchedSecret watched = STORE.watch("file:" + file)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            assertThat(watched.refresh()).isFalse();
            assertThat(watched.version()).isEqualTo(1);
        }
    }

    /** As Kubernetes does it: a link to a folder is replaced at once, and the time stamp may go back. */
    @Test
    void refresh_symbolicLinkIsSwapped_isFollowed() throws IOException {
        Path one = Files.createDirectory(folder.resolve("1"));
        Path two = Files.createDirectory(folder.resolve("2"));
        write(one.resolve("key"), "one");
        write(two.resolve("key"), "two");
        Files.setLastModifiedTime(two.resolve("key"), FileTime.fromMillis(1));
        Path data = Files.createSymbolicLink(folder.resolve("data"), one);
        try (WatchedSecret watched = STORE.watch("file:" + data.resolve("key"))) {
            Secret first = watched.current();
            Path next = Files.createSymbolicLink(folder.resolve("next"), two);
            Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
            assertThat(watched.refresh()).isTrue();
            assertThat(text(watched.current())).isEqualTo("two");
            assertThat(watched.version()).isEqualTo(2);
            assertThat(text(first)).as("still open").isEqualTo("one");
            assertThat(watched).hasToString("WatchedSecret[version 2]");
        }
    }

    @Test
    void refresh_secondChange_closesWhatWasReadFirstAndCloseTheRest() throws IOException {
        Path file = file("key", "one");
        WatchedSecret watched = STORE.watch("file:" + file);
        assertThat(watched.reference()).isEqualTo("file:" + file);
        Secret first = watched.current();
        write(file, "two");
        assertThat(watched.refresh()).isTrue();
        Secret second = watched.current();
        assertThat(text(first)).isEqualTo("one");
        write(file, "three");
        assertThat(watched.refresh()).isTrue();
        assertThatIllegalStateException().isThrownBy(first::length);
        assertThat(text(second)).isEqualTo("two");
        Secret third = watched.current();
        watched.close();
        assertThatIllegalStateException().isThrownBy(second::length);
        assertThatIllegalStateException().isThrownBy(third::length);
    }

    @Test
    void refresh_fileBecomesReadableToOthers_isRefusedAndTheOldStays() throws IOException {
        Path file = file("key", "one");
        try (WatchedSecret watched = STORE.watch("file:" + file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertThatThrownBy(watched::refresh).isInstanceOf(SecretException.class);
            assertThat(text(watched.current())).isEqualTo("one");
        }
    }

    private Path script(String line) throws IOException {
        Path script = folder.resolve("script");
        Files.writeString(script, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private Path file(String name, String text) throws IOException {
        return write(folder.resolve(name), text);
    }

    private static Path write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static String text(Secret secret) {
        return new String(InsecureSecretAccess.copyBytes(secret), UTF_8);
    }
}
