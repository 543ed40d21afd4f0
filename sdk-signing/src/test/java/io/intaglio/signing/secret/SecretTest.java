package io.intaglio.signing.secret;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {
    private static final String TEXT = "correct horse battery staple \u00e9\u20ac";

    @TempDir
    Path folder;

    @Test
    void of_callersArrayChangesLater_keepsTheCopy() {
        byte[] bytes = TEXT.getBytes(UTF_8);
        Secret secret = Secret.of(bytes);
        bytes[0] = 0;
        assertThat(text(secret)).isEqualTo(TEXT);
    }

    @Test
    void takeOver_always_wipesTheGivenArray() {
        byte[] bytes = TEXT.getBytes(UTF_8);
        Secret secret = Secret.takeOver(bytes);
        assertThat(bytes).containsOnly(0);
        assertThat(text(secret)).isEqualTo(TEXT);
    }

    @Test
    void ofChars_textBeyondAscii_isUtf8AndLeavesTheArray() {
        char[] chars = (TEXT + "\ud83d\udd11").toCharArray();
        Secret secret = Secret.ofChars(chars);
        assertThat(text(secret)).isEqualTo(new String(chars));
    }

    @Test
    void ofChars_halfASurrogatePair_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.ofChars(new char[] {'a', '\ud83d', 'b'}))
                .withMessage("secret is not text: it holds half of a surrogate pair");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.ofChars(new char[] {'a', '\ud83d'}))
                .withMessage("secret is not text: it holds half of a surrogate pair");
    }

    @Test
    void fromEnv_variableIsSet_isItsValue() {
        assertThat(text(Secret.fromEnv("PATH"))).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void fromEnv_variableIsMissing_isNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.fromEnv("INTAGLIO_NO_SUCH_VARIABLE"))
                .withMessage("environment variable INTAGLIO_NO_SUCH_VARIABLE is not set; "
                        + "export it before the program starts");
    }

    @Test
    void fromFile_oneLineBreakAtTheEnd_isLeftOut() throws IOException {
        assertThat(text(Secret.fromFile(file("a", TEXT)))).isEqualTo(TEXT);
        assertThat(text(Secret.fromFile(file("b", TEXT + "\n")))).isEqualTo(TEXT);
        assertThat(text(Secret.fromFile(file("c", TEXT + "\r\n")))).isEqualTo(TEXT);
        assertThat(text(Secret.fromFile(file("d", TEXT + "\n\n")))).isEqualTo(TEXT + "\n");
        assertThat(text(Secret.fromFile(file("e", TEXT + "\r")))).isEqualTo(TEXT + "\r");
    }

    @Test
    void fromFile_throughASymbolicLink_readsWhatItLeadsTo() throws IOException {
        Path target = file("target", TEXT);
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        assertThat(text(Secret.fromFile(link))).isEqualTo(TEXT);
    }

    @Test
    void fromFile_openToOthers_isRefusedWithTheCommandThatHelps() throws IOException {
        for (String permissions : List.of("rw-r-----", "rw--w----", "rw----r--", "rw-----w-")) {
            Path file = file(permissions, TEXT);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Secret.fromFile(file))
                    .withMessage("secret file " + file + " is open to others than its owner (" + permissions
                            + "); close it with: chmod 600 " + file);
        }
    }

    @Test
    void fromFile_aLinkToAFileOpenToOthers_isRefused() throws IOException {
        Path target = file("target", TEXT);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r--r--"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.fromFile(link))
                .withMessageContaining("chmod 600");
    }

    @Test
    void fromFile_missing_isNamed() {
        Path file = folder.resolve("missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.fromFile(file))
                .withMessage("secret file " + file + " does not exist; check the path");
    }

    @Test
    void fromFile_aDirectory_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.fromFile(folder))
                .withMessage("secret file " + folder + " is a directory; give a regular file");
    }

    @Test
    void fromFile_aDevice_isRefused() {
        Path device = Path.of("/dev/zero");
        Assumptions.assumeTrue(Files.exists(device), "no /dev/zero on this system");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.fromFile(device))
                .withMessage("secret file /dev/zero is not a regular file; give a regular file");
    }

    @Test
    void fromFile_emptyOrALineBreakAlone_isRefused() throws IOException {
        for (String content : List.of("", "\n", "\r\n")) {
            Path file = file("empty" + content.length(), content);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Secret.fromFile(file))
                    .withMessage("secret file " + file + " is empty; put the secret into it");
        }
    }

    @Test
    void fromFile_overOneMebibyte_isRefused() throws IOException {
        Path most = file("most", "x".repeat(1 << 20));
        assertThat(Secret.fromFile(most).length()).isEqualTo(1 << 20);
        Path over = file("over", "x".repeat((1 << 20) + 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.fromFile(over))
                .withMessage("secret file " + over + " is larger than 1 MiB; is it the right file?");
    }

    @Test
    void toNewFile_nothingThere_isTheContentForItsOwnerAlone() throws IOException {
        Path file = folder.resolve("new");
        Secret secret = Secret.of((TEXT + "\n").getBytes(UTF_8));
        secret.toNewFile(file);
        assertThat(Files.readString(file)).isEqualTo(TEXT + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        for (Path there : List.of(file, link, folder)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Secret.of(new byte[] {1}).toNewFile(there))
                    .withMessage("file " + there + " exists already and is not overwritten; choose another name");
        }
        assertThat(Files.readString(file)).isEqualTo(TEXT + "\n");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    /** Asked for locked pages, a JVM that has none takes an array all the same. */
    @Test
    void choose_anyKind_givesZeroedMemoryOfThatSize() {
        for (String asked : List.of("", "heap", "locked")) {
            SecretMemory memory = SecretMemory.Kind.choose(asked).apply(4);
            if (!asked.equals("locked") || Runtime.version().feature() < 22) {
                assertThat(memory.bytes().hasArray()).isTrue();
            }
            assertThat(memory.bytes().capacity()).isGreaterThanOrEqualTo(4);
            assertThat(memory.bytes().getInt(0)).isZero();
            memory.bytes().putInt(0, 7);
            assertThat(memory.bytes().getInt(0)).isEqualTo(7);
            memory.free();
        }
    }

    @Test
    void equals_sameBytes_isTrueAndHashesAgree() {
        Secret one = Secret.of(TEXT.getBytes(UTF_8));
        Secret other = Secret.of(TEXT.getBytes(UTF_8));
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).isEqualTo(one);
        assertThat(one).isNotEqualTo(Secret.of("other".getBytes(UTF_8))).isNotEqualTo(TEXT);
    }

    @Test
    void hashCode_otherBytesOfTheSameLength_isTheSame() {
        assertThat(Secret.of(new byte[] {1, 2, 3})).hasSameHashCodeAs(Secret.of(new byte[] {7, 8, 9}));
    }

    @Test
    void equals_oneIsClosed_isFalse() {
        Secret open = Secret.of(new byte[] {0});
        Secret closed = Secret.of(new byte[] {0});
        closed.close();
        assertThat(open).isNotEqualTo(closed);
        assertThat(closed).isNotEqualTo(open).isEqualTo(closed);
    }

    @Test
    void toString_always_isRedacted() {
        assertThat(Secret.of(TEXT.getBytes(UTF_8))).hasToString("Secret[redacted]");
    }

    @Test
    void secret_cannotBeSerialized() {
        assertThat(Serializable.class.isAssignableFrom(Secret.class)).isFalse();
    }

    @Test
    void fields_never_holdThePlainBytes() throws IllegalAccessException {
        byte[] plain = TEXT.getBytes(UTF_8);
        Secret secret = Secret.of(plain);
        for (byte[] held : arrays(secret)) {
            assertThat(new String(held, ISO_8859_1)).doesNotContain(new String(plain, ISO_8859_1));
        }
    }

    @Test
    void close_always_wipesEveryArray() throws IllegalAccessException {
        Secret secret = Secret.of(TEXT.getBytes(UTF_8));
        secret.close();
        secret.close();
        assertThat(arrays(secret))
                .isNotEmpty()
                .allSatisfy(held -> assertThat(held).containsOnly(0));
    }

    @Test
    void anyUse_afterClose_isRefused() {
        Secret secret = Secret.of(TEXT.getBytes(UTF_8));
        secret.close();
        String message = "this secret is closed and its bytes are wiped; read it again from its source";
        assertThatIllegalStateException().isThrownBy(secret::length).withMessage(message);
        assertThatIllegalStateException()
                .isThrownBy(() -> InsecureSecretAccess.copyBytes(secret))
                .withMessage(message);
        assertThatIllegalStateException()
                .isThrownBy(() -> InsecureSecretAccess.use(secret, bytes -> bytes.length))
                .withMessage(message);
        assertThat(secret).hasToString("Secret[redacted]");
    }

    @Test
    void use_whenItReturns_hasWipedTheCopy() {
        byte[] seen = InsecureSecretAccess.use(Secret.of(TEXT.getBytes(UTF_8)), bytes -> {
            assertThat(new String(bytes, UTF_8)).isEqualTo(TEXT);
            return bytes;
        });
        assertThat(seen).containsOnly(0);
    }

    @Test
    void use_whenItThrows_hasWipedTheCopy() {
        List<byte[]> seen = new ArrayList<>();
        Secret secret = Secret.of(TEXT.getBytes(UTF_8));
        assertThatThrownBy(() -> InsecureSecretAccess.use(secret, bytes -> {
                    seen.add(bytes);
                    throw new UnsupportedOperationException("planned");
                }))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(seen.get(0)).containsOnly(0);
    }

    @Test
    void copyBytes_whileAnotherThreadCloses_isWholeOrRefused() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        byte[] plain = new byte[4096];
        java.util.Arrays.fill(plain, (byte) 0x5a);
        for (int round = 0; round < 200; round++) {
            Secret secret = Secret.of(plain);
            List<Callable<Boolean>> readers = List.of(() -> whole(secret), () -> whole(secret), () -> whole(secret));
            List<Future<Boolean>> results = new ArrayList<>();
            for (Callable<Boolean> reader : readers) {
                results.add(threads.submit(reader));
            }
            secret.close();
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        }
        threads.shutdown();
    }

    private static boolean whole(Secret secret) {
        try {
            for (int i = 0; i < 50; i++) {
                for (byte b : InsecureSecretAccess.copyBytes(secret)) {
                    if (b != 0x5a) {
                        return false;
                    }
                }
            }
            return true;
        } catch (IllegalStateException closed) {
            return true;
        }
    }

    private static List<byte[]> arrays(Secret secret) throws IllegalAccessException {
        List<byte[]> arrays = new ArrayList<>();
        for (Field field : Secret.class.getDeclaredFields()) {
            if (field.getType() == SecretMemory.class) {
                field.setAccessible(true);
                arrays.add(((SecretMemory) field.get(secret)).bytes().array());
            }
        }
        return arrays;
    }

    private Path file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }

    private static String text(Secret secret) {
        return InsecureSecretAccess.use(secret, bytes -> new String(bytes, UTF_8));
    }
}
