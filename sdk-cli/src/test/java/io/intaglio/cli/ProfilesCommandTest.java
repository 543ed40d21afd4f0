package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilesCommandTest {
    private static final String SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

    @TempDir
    Path folder;

    private Path secret() throws IOException {
        Path file = Files.createFile(
                folder.resolve("secret"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, SECRET);
    }

    private String file(String toml) throws IOException {
        return Files.writeString(folder.resolve("profiles.toml"), toml).toString();
    }

    @Test
    void profiles_soundOnes_areListedWithSourcesAndWithoutSecrets() throws IOException {
        String file = file("[desk]\nvenue='binance'\nkey-id='0123456789abcdef'\nsecret='file:" + secret() + "'\n");
        Command command = Command.run("profiles", "--file", file, "--check");
        assertThat(command.status()).isZero();
        assertThat(command.out())
                .contains("[desk] can be used")
                .containsPattern("venue +binance +" + file)
                .contains("0123...")
                .doesNotContain(SECRET)
                .doesNotContain("0123456789abcdef");
    }

    @Test
    void profiles_faults_areNamedAndGiveStatusOne() throws IOException {
        String file = file(
                "[desk]\nvenue='binance'\nkey-id='k'\nsecret='file:/absent'\n[bad]\nvenue='binanse'\nkey-id='k'\n");
        Command unchecked = Command.run("profiles", "--file", file, "desk");
        assertThat(unchecked.status()).isZero();
        assertThat(unchecked.out()).contains("[desk] reads well").doesNotContain("binanse");
        Command checked = Command.run("profiles", "--file", file, "--check", "--json");
        assertThat(checked.status()).isEqualTo(1);
        assertThat(checked.out().lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("{\"profile\":\"desk\",\"settings\":[{\"key\":\"venue\",\"value\":\"binance\"")
                        .contains("secret file /absent does not exist"))
                .anySatisfy(line -> assertThat(line).contains("did you mean 'binance'"));
    }

    @Test
    void profiles_secretInPlaceOfAReference_isRefusedAndNotPrinted() throws IOException {
        Command command = Command.run(
                "profiles", "--file", file("[desk]\nvenue='binance'\nkey-id='k'\nsecret='" + SECRET + "'\n"));
        assertThat(command.status()).isEqualTo(1);
        assertThat(command.out() + command.err())
                .contains("must be a reference to a secret and not the secret itself")
                .doesNotContain(SECRET);
    }

    @Test
    void profiles_noFile_saysWhereItIsLookedFor() {
        Command command =
                Command.run("profiles", "--file", folder.resolve("absent").toString());
        assertThat(command.status()).isEqualTo(1);
        assertThat(command.err()).contains("does not exist; make it, or set INTAGLIO_PROFILES to another");
    }
}
