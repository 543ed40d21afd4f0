package io.intaglio.signing.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the kernel says of the pages is the proof; it says so on Linux and from JDK 22 on, `mvn test -Pjdk25`. */
class LockedPagesTest {
    private static LockedPages pages() {
        StringBuilder reason = new StringBuilder();
        Optional<LockedPages> pages = LockedPages.open(reason);
        assumeTrue(pages.isPresent(), () -> "no locked pages here: " + reason);
        return pages.orElseThrow();
    }

    /** Flags of mappings that are locked ("lo") and not dumped ("dd"). */
    private static long lockedMappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/smaps")).stream()
                .filter(line -> line.startsWith("VmFlags:"))
                .filter(line -> line.contains(" lo") && line.contains(" dd"))
                .count();
    }

    @Test
    void open_beforeJdk22_saysWhy() {
        assumeTrue(Runtime.version().feature() < 22, "this JDK has the foreign function interface");
        StringBuilder reason = new StringBuilder();
        assertThat(LockedPages.open(reason)).isEmpty();
        assertThat(reason)
                .hasToString(
                        "it takes JDK 22 or newer, this is " + Runtime.version().feature());
    }

    @Test
    void allocate_always_isLockedAndLeftOutOfDumps_andGivenBackWhenFreed() throws IOException {
        LockedPages pages = pages();
        long before = lockedMappings();
        SecretMemory memory = pages.allocate(100);
        assumeTrue(memory != null, "the limit of locked memory is used up");
        assertThat(memory.bytes().capacity()).isEqualTo(100);
        memory.bytes().put(99, (byte) 7);
        assertThat(memory.bytes().get(99)).isEqualTo((byte) 7);
        assertThat(lockedMappings()).isEqualTo(before + 1);
        memory.free();
        memory.free();
        assertThat(lockedMappings()).isEqualTo(before);
        assertThatThrownBy(memory::bytes).isInstanceOf(IllegalStateException.class);
    }

    /** Runs in the JVM of the next test, where secrets are asked to be in locked pages. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws IOException {
            List<Secret> secrets = new ArrayList<>();
            long before = lockedMappings();
            for (int i = 0; i < 3; i++) {
                secrets.add(Secret.of(("secret " + i).getBytes(UTF_8)));
            }
            String read = InsecureSecretAccess.use(secrets.get(1), bytes -> new String(bytes, UTF_8));
            long open = lockedMappings() - before;
            secrets.forEach(Secret::close);
            System.out.println(read + ", " + open + " locked, then " + (lockedMappings() - before));
        }
    }

    private static String child() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-D" + SecretMemory.PROPERTY + "=locked",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        String out = new String(child.getInputStream().readAllBytes(), UTF_8);
        assertThat(child.waitFor()).as(out).isZero();
        return out;
    }

    @Test
    void secret_lockedMemoryAskedFor_liesInLockedPagesUntilClosed() throws Exception {
        pages();
        // neighbouring mappings with the same flags are one to the kernel, so three secrets make one to three
        assertThat(child()).containsPattern("secret 1, [123] locked, then 0");
    }

    @Test
    void secret_lockedMemoryAskedForInVain_worksWithOneWarning() throws Exception {
        assumeTrue(Runtime.version().feature() < 22, "this JDK has the foreign function interface");
        String out = child();
        assertThat(out).contains("secret 1, 0 locked, then 0");
        assertThat(out.split("secrets lie in plain memory although intaglio.secret-memory is locked", -1))
                .hasSize(2);
    }
}
