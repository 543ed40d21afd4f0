package io.intaglio.signing.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The encrypted file. Where a test opens it hundreds of times, Argon2id gets 64 KiB and one pass instead of 64 MiB and
 * three: the cost changes how long a guess takes, not what is authenticated.
 */
class VaultFileTest {
    private static final VaultFile.Cost CHEAP = new VaultFile.Cost(64, 1, 1);
    private static final Secret PASSWORD = secret("correct horse \u00e9");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void chooseFile() {
        file = folder.resolve("desk.vault");
    }

    @Test
    void open_standardCost_givesBackWhatWasPut() throws IOException {
        try (VaultFile vault = VaultFile.create(file, PASSWORD)) {
            vault.put("kraken", secret("one"));
        }
        try (VaultFile vault = VaultFile.open(file, PASSWORD)) {
            assertThat(text(vault.get("kraken"))).isEqualTo("one");
        }
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file), 10, 12);
        assertThat(header.getInt()).isGreaterThanOrEqualTo(64 * 1024);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void put_entriesOfAllSizes_areReadBackInOrder() {
        byte[] binary = new byte[100_000];
        new Random(1).nextBytes(binary);
        try (VaultFile vault = VaultFile.create(file, PASSWORD, CHEAP)) {
            vault.put("z", secret("last"));
            vault.put("binary", Secret.of(binary));
            vault.put("k\u00f6nig", secret("x"));
            vault.put("z", secret("replaced"));
            vault.put("gone", secret("gone"));
            assertThat(vault.remove("gone")).isTrue();
            assertThat(vault.remove("gone")).isFalse();
        }
        try (VaultFile vault = VaultFile.open(file, PASSWORD, CHEAP)) {
            assertThat(vault.names()).containsExactly("binary", "k\u00f6nig", "z");
            assertThat(InsecureSecretAccess.copyBytes(vault.get("binary"))).isEqualTo(binary);
            assertThat(text(vault.get("z"))).isEqualTo("replaced");
            assertThatThrownBy(() -> vault.get("gone"))
                    .isInstanceOf(SecretException.class)
                    .hasMessage("vault file " + file + " has no entry gone; it has binary, k\u00f6nig, z");
        }
    }

    /** The format as the class comment says it, read by a second implementation with the JDK's cipher. */
    @Test
    void put_format_isAsDocumented() throws IOException, GeneralSecurityException {
        try (VaultFile vault = VaultFile.create(file, PASSWORD, CHEAP)) {
            vault.put("ab", secret("xyz"));
        }
        byte[] whole = Files.readAllBytes(file);
        assertThat(HexFormat.of().formatHex(whole, 0, 22))
                .isEqualTo("494e5441474c494f" + "0101" + "000000400000000100000001");
        byte[] key = new byte[32];
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(0x13)
                .withMemoryAsKB(64)
                .withIterations(1)
                .withParallelism(1)
                .withSalt(Arrays.copyOfRange(whole, 22, 38))
                .build());
        argon2.generateBytes("correct horse \u00e9".getBytes(UTF_8), key);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, whole, 38, 12));
        cipher.updateAAD(whole, 0, 50);
        byte[] plain = cipher.doFinal(whole, 50, whole.length - 50);
        byte[] wanted = new byte[256];
        byte[] start = HexFormat.of().parseHex("00000001" + "00000002" + "6162" + "00000003" + "78797a");
        System.arraycopy(start, 0, wanted, 0, start.length);
        assertThat(plain).isEqualTo(wanted);
    }

    /** Content is filled up to whole blocks, so that its length tells little of what is in it. */
    @ParameterizedTest
    @CsvSource({"242, 256", "243, 256", "244, 512", "499, 512"})
    void put_secretOfThatLength_fillsBlocks(int length, int content) throws IOException {
        try (VaultFile vault = VaultFile.create(file, PASSWORD, CHEAP)) {
            vault.put("a", Secret.of(new byte[length])); // and 13 bytes of numbers and name
            assertThat(Files.size(file)).isEqualTo(50 + content + 16);
        }
    }

    @Test
    void put_nameOrContentTooLarge_isRefusedAndTheVaultIsAsItWas() {
        String longest = "n".repeat(254) + "\u00e9";
        try (VaultFile vault = VaultFile.create(file, PASSWORD, CHEAP)) {
            vault.put(longest, secret("x"));
            assertThatThrownBy(() -> vault.put(longest + "n", secret("x")))
                    .hasMessage("the name of an entry has 1 to 256 bytes, but this has 257");
            assertThatThrownBy(() -> vault.put("", secret("x")))
                    .hasMessage("the name of an entry has 1 to 256 bytes, but this has 0");
            int room = (1 << 20) - 50 - 16 - 256 - 4 - (8 + 256 + 1) - (8 + 4);
            vault.put("most", Secret.of(new byte[room]));
            assertThatThrownBy(() -> vault.put("most", Secret.of(new byte[room + 1])))
                    .hasMessage("vault file " + file + " would be larger than 1 MiB; use a second one");
        }
        try (VaultFile vault = VaultFile.open(file, PASSWORD, CHEAP)) {
            assertThat(vault.names()).containsExactly("most", longest);
            assertThat(vault.get("most").length()).isGreaterThan(1_000_000);
            assertThat(vault).hasToString("VaultFile[" + file + "]");
        }
    }

    @Test
    void close_afterwards_nothingIsGivenOrWritten() {
        VaultFile vault = VaultFile.create(file, PASSWORD, CHEAP);
        vault.put("a", secret("one"));
        vault.close();
        assertThatThrownBy(() -> vault.get("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> vault.remove("a")).isInstanceOf(IllegalStateException.class);
        try (VaultFile again = VaultFile.open(file, PASSWORD, CHEAP)) {
            assertThat(text(again.get("a"))).isEqualTo("one");
        }
    }

    @Test
    void put_again_usesAnotherSaltAndNonce() throws IOException {
        try (VaultFile vault = VaultFile.create(file, PASSWORD, CHEAP)) {
            byte[] first = Files.readAllBytes(file);
            vault.put("a", secret("b"));
            byte[] second = Files.readAllBytes(file);
            assertThat(Arrays.copyOfRange(second, 22, 50)).isNotEqualTo(Arrays.copyOfRange(first, 22, 50));
        }
    }

    @Test
    void put_folderIsGone_saysSoAndKeepsTheOldContent() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path lost = inner.resolve("lost.vault");
        try (VaultFile vault = VaultFile.create(lost, PASSWORD, CHEAP)) {
            vault.put("a", secret("old"));
            Files.delete(lost);
            Files.delete(inner);
            assertThatThrownBy(() -> vault.put("a", secret("new")))
                    .isInstanceOf(SecretException.class)
                    .hasMessage("vault file " + lost + " cannot be written (NoSuchFileException); "
                            + "check its folder and the room on the disk");
            assertThat(text(vault.get("a"))).isEqualTo("old");
        }
    }

    @Test
    void create_emptyPasswordOrExistingFile_isRefused() throws IOException {
        assertThatThrownBy(() -> VaultFile.create(file, secret("")))
                .hasMessage("vault file " + file + " needs a password that is not empty; give one");
        Files.createFile(file);
        assertThatThrownBy(() -> VaultFile.create(file, PASSWORD))
                .hasMessage("vault file " + file + " exists already; open it, or choose another name");
    }

    // ---- damage

    private byte[] sample() throws IOException {
        try (VaultFile vault = VaultFile.create(file, PASSWORD, CHEAP)) {
            vault.put("desk-1", secret("0123456789abcdef0123456789abcdef"));
            vault.put("desk-2", secret("fedcba9876543210fedcba9876543210"));
        }
        return Files.readAllBytes(file);
    }

    private String refusal(byte[] content) throws IOException {
        Files.write(file, content);
        Throwable thrown =
                catchThrowable(() -> VaultFile.open(file, PASSWORD, CHEAP).close());
        assertThat(thrown).isInstanceOf(SecretException.class).hasNoCause();
        return thrown.getMessage();
    }

    private String same() {
        return "the password does not open vault file " + file
                + "; check the password, or the file is damaged and its backup is needed";
    }

    @Test
    void open_wrongPassword_givesTheSameErrorAsDamage() throws IOException {
        byte[] whole = sample();
        for (String wrong : List.of(
                "", "correct horse", "correct horse \u00e9 ", "CORRECT HORSE \u00e9", "correct horse e\u0301")) {
            assertThatThrownBy(() -> VaultFile.open(file, secret(wrong), CHEAP))
                    .isInstanceOf(SecretException.class)
                    .hasMessage(same())
                    .hasNoCause();
        }
        whole[whole.length - 1] ^= 1;
        assertThat(refusal(whole)).isEqualTo(same());
    }

    @Test
    void open_truncatedAnywhere_isRefused() throws IOException {
        byte[] whole = sample();
        TreeSet<String> messages = new TreeSet<>();
        for (int length = 0; length < whole.length; length++) {
            String message = refusal(Arrays.copyOf(whole, length));
            messages.add(message);
            if (length >= 8) {
                assertThat(message).isEqualTo(same());
            }
        }
        assertThat(messages).hasSize(2).contains("vault file " + file + " is no vault file; is it the right file?");
        assertThat(refusal(Arrays.copyOf(whole, whole.length + 1))).isEqualTo(same());
    }

    @Test
    void open_blocksSwapped_isRefused() throws IOException {
        byte[] whole = sample();
        for (int first = 50; first + 32 <= whole.length; first += 16) {
            for (int second = first + 16; second + 16 <= whole.length; second += 16) {
                byte[] swapped = whole.clone();
                System.arraycopy(whole, first, swapped, second, 16);
                System.arraycopy(whole, second, swapped, first, 16);
                assertThat(refusal(swapped)).isEqualTo(same());
            }
        }
    }

    /** Another vault's content under this one's header, and the reverse. */
    @Test
    void open_headerOfAnotherVault_isRefused() throws IOException {
        byte[] first = sample();
        Files.delete(file);
        byte[] second = sample();
        byte[] mixed = first.clone();
        System.arraycopy(second, 0, mixed, 0, 50);
        assertThat(refusal(mixed)).isEqualTo(same());
    }

    /** 300 edits, or 100,000 under the profile slow. An edit may touch one bit, one byte or a run, anywhere. */
    @Test
    void open_editedAtRandom_isNeverAccepted() throws IOException {
        byte[] whole = sample();
        int edits = Boolean.getBoolean("intaglio.slow") ? 100_000 : 300;
        Random random = new Random(20260101);
        int different = 0;
        while (different < edits) {
            byte[] edited = whole.clone();
            int at = random.nextInt(edited.length);
            switch (random.nextInt(4)) {
                case 0 -> edited[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> edited[at] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(edited, at, Math.min(edited.length, at + 1 + random.nextInt(20)), (byte) 0);
                default -> {
                    edited = new byte[whole.length - 1];
                    System.arraycopy(whole, 0, edited, 0, at);
                    System.arraycopy(whole, at + 1, edited, at, edited.length - at);
                }
            }
            if (Arrays.equals(edited, whole)) {
                continue;
            }
            different++;
            String message = refusal(edited);
            // what stands in the first 22 bytes is read before any password is tried
            if (Arrays.equals(edited, 0, 22, whole, 0, 22)) {
                assertThat(message).isEqualTo(same());
            }
        }
        assertThat(text(VaultFile.open(restored(whole), PASSWORD, CHEAP).get("desk-1")))
                .startsWith("0123");
    }

    private Path restored(byte[] whole) throws IOException {
        return Files.write(file, whole);
    }

    @Test
    void open_costBeyondTheLimits_isRefusedBeforeItIsPaid() throws IOException {
        byte[] whole = sample();
        int[][] costs = {
            {1 << 19, 1, 1},
            {Integer.MAX_VALUE, 1, 1},
            {-1, 1, 1},
            {64, 11, 1},
            {64, 0, 1},
            {64, -1, 1},
            {1024, 1, 17},
            {64, 1, 0},
            {64, 1, 9},
            {63, 1, 1}
        };
        for (int[] cost : costs) {
            byte[] costly = whole.clone();
            ByteBuffer.wrap(costly, 10, 12).putInt(cost[0]).putInt(cost[1]).putInt(cost[2]);
            assertThat(refusal(costly))
                    .isEqualTo("vault file " + file + " asks for Argon2id with " + cost[0] + " KiB, " + cost[1]
                            + " passes and " + cost[2]
                            + " lanes, but 64 to 262144 KiB, at most 10 passes and 16 lanes are done; "
                            + "restore it from its backup");
        }
        Files.write(file, whole);
        assertThatThrownBy(() -> VaultFile.open(file, PASSWORD))
                .as("a file that is cheap to guess is not believed")
                .hasMessageContaining("asks for Argon2id with 64 KiB");
    }

    @ParameterizedTest
    @CsvSource({"8, 1, 1", "128, 1, 16", "64, 10, 1", "262144, 1, 1"})
    void cost_atItsLimits_isDone(int memoryKib, int passes, int lanes) {
        assertThat(new VaultFile.Cost(memoryKib, passes, lanes).isWithin()).isTrue();
    }

    @Test
    void open_newerVersion_isNamed() throws IOException {
        byte[] whole = sample();
        whole[8] = 2;
        assertThat(refusal(whole))
                .isEqualTo("vault file " + file + " is of version 2.1, but 1.1 is known; use a newer Intaglio, or its "
                        + "backup when it is damaged");
    }

    private static Secret secret(String text) {
        return Secret.of(text.getBytes(UTF_8));
    }

    private static String text(Secret secret) {
        return new String(InsecureSecretAccess.copyBytes(secret), UTF_8);
    }
}
