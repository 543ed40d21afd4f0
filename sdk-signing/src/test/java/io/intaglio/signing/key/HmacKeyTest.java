package io.intaglio.signing.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an HMAC key keeps of its secret, and what many threads do to it. */
class HmacKeyTest {
    private static final SignatureAlgorithm HMAC_256 = SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8);
    private static final SignatureAlgorithm HMAC_512 = SignatureAlgorithm.hmac(Hash.SHA512, SecretForm.UTF8);
    private static final SignatureAlgorithm SUFFIXED = SignatureAlgorithm.suffixedHash(Hash.SHA256, SecretForm.UTF8);

    @TempDir
    Path folder;

    @Test
    void sign_sixteenThreadsOnOneKey_areNeverWrong() throws Exception {
        byte[] secret = "one key for all threads".getBytes(UTF_8);
        List<byte[]> texts = new ArrayList<>();
        List<byte[]> codes256 = new ArrayList<>();
        List<byte[]> codes512 = new ArrayList<>();
        for (int i = 0; i < 97; i++) {
            byte[] text = "symbol=BTCUSDT&quantity=1&timestamp="
                    .repeat(1 + i % 9)
                    .concat(Integer.toString(i))
                    .getBytes(UTF_8);
            texts.add(text);
            codes256.add(jdk("HmacSHA256", secret, text));
            codes512.add(jdk("HmacSHA512", secret, text));
        }
        SigningKey key = SigningKey.hmac(Secret.of(secret));
        CyclicBarrier start = new CyclicBarrier(16);
        List<Callable<Integer>> threads = new ArrayList<>();
        for (int thread = 0; thread < 16; thread++) {
            int first = thread * 31;
            threads.add(() -> {
                start.await();
                int wrong = 0;
                for (int i = 0; i < 10_000; i++) {
                    int text = (first + i) % texts.size();
                    boolean longer = (first + i) % 2 == 0;
                    byte[] code = key.sign(longer ? HMAC_512 : HMAC_256, texts.get(text));
                    if (!Arrays.equals(code, (longer ? codes512 : codes256).get(text))) {
                        wrong++;
                    }
                }
                return wrong;
            });
        }
        assertThat(run(threads)).containsOnly(0);
    }

    @Test
    void sign_whileAnotherThreadCloses_isRightOrRefused() throws Exception {
        byte[] secret = "closed under load".getBytes(UTF_8);
        byte[] text = "text".getBytes(UTF_8);
        byte[] expected = jdk("HmacSHA256", secret, text);
        for (int round = 0; round < 300; round++) {
            SigningKey key = SigningKey.hmac(Secret.of(secret)).prepared(List.of(HMAC_256));
            CyclicBarrier start = new CyclicBarrier(3);
            Callable<Integer> signer = () -> {
                start.await();
                int wrong = 0;
                try {
                    for (int i = 0; i < 2_000; i++) {
                        wrong += Arrays.equals(key.sign(HMAC_256, text), expected) ? 0 : 1;
                    }
                } catch (IllegalStateException closed) {
                    return wrong;
                }
                return wrong;
            };
            Callable<Integer> closer = () -> {
                start.await();
                Thread.onSpinWait();
                key.close();
                return 0;
            };
            assertThat(run(List.of(signer, signer, closer))).containsOnly(0);
        }
    }

    private static List<Integer> run(List<Callable<Integer>> tasks) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Integer> results = new ArrayList<>();
            for (Future<Integer> result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void hmac_callersSecretIsClosed_keepsSigning() throws GeneralSecurityException {
        byte[] secret = "secret".getBytes(UTF_8);
        Secret given = Secret.of(secret);
        SigningKey key = SigningKey.hmac(given);
        given.close();
        assertThat(key.sign(HMAC_256, new byte[3])).isEqualTo(jdk("HmacSHA256", secret, new byte[3]));
    }

    @Test
    void prepared_originalIsClosed_keepsSigning() throws GeneralSecurityException {
        byte[] secret = "secret".getBytes(UTF_8);
        SigningKey original = SigningKey.hmac(Secret.of(secret));
        SigningKey prepared = original.prepared(List.of(HMAC_256, HMAC_512, SUFFIXED));
        byte[] suffixed = original.sign(SUFFIXED, new byte[3]);
        original.close();
        SigningKey again = prepared.prepared(List.of(HMAC_512));
        prepared.sign(HMAC_256, new byte[3]);
        assertThat(prepared.sign(HMAC_256, new byte[3])).isEqualTo(jdk("HmacSHA256", secret, new byte[3]));
        assertThat(prepared.sign(SUFFIXED, new byte[3])).isEqualTo(suffixed);
        prepared.close();
        assertThat(again.sign(HMAC_512, new byte[3])).isEqualTo(jdk("HmacSHA512", secret, new byte[3]));
    }

    @Test
    void prepared_forAnotherAlgorithm_saysWhatItCanDo() {
        SigningKey prepared =
                SigningKey.hmac(Secret.of("secret".getBytes(UTF_8))).prepared(List.of(HMAC_256));
        assertThatThrownBy(() -> prepared.sign(HMAC_512, new byte[3]))
                .isInstanceOf(KeyException.class)
                .hasMessage("this HMAC key was prepared for [HMAC-SHA256] and has forgotten its secret; it cannot do "
                        + "HMAC-SHA512, prepare the original key for it too");
        assertThatThrownBy(() -> prepared.prepared(List.of(SignatureAlgorithm.ed25519())))
                .isInstanceOf(KeyException.class)
                .hasMessage("Ed25519 needs an Ed25519 private key, but this key is an HMAC secret");
    }

    @Test
    void prepared_otherKinds_isTheSameKey() {
        SigningKey key = SigningKey.ed25519(new byte[32]);
        assertThat(key.prepared(List.of(SignatureAlgorithm.ed25519()))).isSameAs(key);
    }

    @Test
    void prepared_forHmacAlone_reachesNoSecretAndNoCopyOfIt() {
        byte[] secret = new byte[48];
        new SecureRandom().nextBytes(secret);
        SigningKey original = SigningKey.hmac(Secret.of(secret));
        SigningKey prepared = original.prepared(List.of(HMAC_256, HMAC_512));
        prepared.sign(HMAC_256, new byte[10]);
        assertThat(reachable(original)).as("the walk finds secrets").anyMatch(Secret.class::isInstance);
        Set<Object> reached = reachable(prepared);
        assertThat(reached).hasSizeGreaterThan(5).noneMatch(Secret.class::isInstance);
        assertThat(reached).allSatisfy(object -> {
            if (object instanceof byte[] held) {
                assertThat(contains(held, secret)).isFalse();
            }
        });
    }

    @Test
    void prepared_forASuffixedHash_keepsTheSecretMasked() {
        byte[] secret = new byte[48];
        new SecureRandom().nextBytes(secret);
        SigningKey prepared = SigningKey.hmac(Secret.of(secret)).prepared(List.of(SUFFIXED));
        prepared.sign(SUFFIXED, new byte[10]);
        Set<Object> reached = reachable(prepared);
        assertThat(reached).anyMatch(Secret.class::isInstance);
        assertThat(reached)
                .noneSatisfy(object -> assertThat(object instanceof byte[] held && contains(held, secret))
                        .isTrue());
    }

    /** The strongest form of the promise: the bytes are nowhere in a dump of the live heap. */
    @Test
    void prepared_heapDump_holdsNoPlainSecret() throws Exception {
        byte[] control = new byte[40];
        new SecureRandom().nextBytes(control);
        Secret shortSecret = random(40);
        Secret longSecret = random(200);
        List<SigningKey> keys = new ArrayList<>();
        for (Secret secret : List.of(shortSecret, longSecret)) {
            SigningKey unprepared = SigningKey.hmac(secret);
            unprepared.sign(HMAC_512, new byte[300]);
            keys.add(unprepared);
            keys.add(unprepared.prepared(List.of(HMAC_256, HMAC_512)));
            keys.add(unprepared.prepared(List.of(SUFFIXED)));
        }
        keys.forEach(key -> key.maxSignatureLength(HMAC_256));
        keys.get(1).sign(HMAC_256, new byte[300]);
        keys.get(5).sign(SUFFIXED, new byte[300]);

        Path dump = folder.resolve("live.hprof");
        Assumptions.assumeTrue(dumpHeap(dump), "this JVM cannot dump its heap");
        assertThat(occurrences(dump, control))
                .as("the search finds what is there")
                .isPositive();
        for (Secret secret : List.of(shortSecret, longSecret)) {
            byte[] plain = Arrays.copyOf(InsecureSecretAccess.copyBytes(secret), 40);
            for (int mask :
                    new int[] {0, 0x36, 0x5c}) { // HMAC's own masks: a digest's work array may hold its last block
                byte[] needle = plain.clone();
                for (int i = 0; i < needle.length; i++) {
                    needle[i] = (byte) (needle[i] ^ mask);
                }
                assertThat(occurrences(dump, needle)).as("mask %d", mask).isZero();
            }
        }
        assertThat(keys).hasSize(6);
    }

    private static Secret random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return Secret.takeOver(bytes);
    }

    /** By reflection, because this module does not read java.management. */
    private static boolean dumpHeap(Path file) {
        try {
            Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
            Class<?> bean = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
            Object diagnostics =
                    factory.getMethod("getPlatformMXBean", Class.class).invoke(null, bean);
            bean.getMethod("dumpHeap", String.class, boolean.class).invoke(diagnostics, file.toString(), true);
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private static int occurrences(Path file, byte[] needle) throws IOException {
        int found = 0;
        byte[] window = new byte[1 << 20];
        int kept = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            int read;
            while ((read = in.readNBytes(window, kept, window.length - kept)) > 0) {
                int filled = kept + read;
                for (int i = 0; i + needle.length <= filled; i++) {
                    if (window[i] == needle[0]
                            && Arrays.equals(window, i, i + needle.length, needle, 0, needle.length)) {
                        found++;
                    }
                }
                kept = Math.min(filled, needle.length - 1);
                System.arraycopy(window, filled - kept, window, 0, kept);
            }
        }
        return found;
    }

    /** All objects reachable through fields, as far as the JDK lets reflection look. */
    private static Set<Object> reachable(Object root) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        open.add(root);
        while (!open.isEmpty()) {
            Object object = open.remove();
            if (object instanceof Class<?> || !seen.add(object)) {
                continue;
            }
            if (object instanceof Object[] elements) {
                Arrays.stream(elements).filter(element -> element != null).forEach(open::add);
            } else if (!object.getClass().isArray()) {
                addFields(object, open);
            }
        }
        return seen;
    }

    private static void addFields(Object object, Deque<Object> open) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
                    continue;
                }
                try {
                    field.setAccessible(true);
                    Object value = field.get(object);
                    if (value != null) {
                        open.add(value);
                    }
                } catch (InaccessibleObjectException | IllegalAccessException e) {
                    assertThat(type.getName()).as("only the JDK hides fields").startsWith("java");
                }
            }
        }
    }

    private static boolean contains(byte[] held, byte[] part) {
        for (int i = 0; i + part.length <= held.length; i++) {
            if (Arrays.equals(held, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] jdk(String name, byte[] secret, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(name);
        mac.init(new SecretKeySpec(secret, name));
        return mac.doFinal(text);
    }
}
