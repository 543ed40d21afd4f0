package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole client in a JVM of its own signs 1,000 requests (10,000 with {@code intaglio.slow}) with four kinds of keys at TRACE, fails 100 times in each way, closes its
 * credentials and dumps its heap. No secret is in the heap, a log, a text or a process's arguments and environment, in any form; two controls
 * are, so the search works.
 *
 * <p>It found that the JDK's RSA keeps private exponents in a static map; since then it is not given them.
 */
@Tag("long")
@EnabledOnOs(OS.LINUX) // the child looks at /proc
class LeakTest {
    private static final int REQUESTS = Boolean.getBoolean("intaglio.slow") ? 10_000 : 1_000;

    @TempDir
    Path folder;

    private final Needles secrets = new Needles();
    private final Needles controlString = new Needles();
    private final Needles controlMac = new Needles();

    private Path ownerOnly(String name, byte[] content) throws IOException {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.write(file, content);
    }

    private static byte[] alphanumeric(int length) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        SecureRandom random = new SecureRandom();
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return text;
    }

    private static KeyPair pair(String algorithm, String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (!curve.isEmpty()) {
            generator.initialize(new ECGenParameterSpec(curve));
        }
        return generator.generateKeyPair();
    }

    private void pem(String name, PrivateKey key) throws IOException {
        String text = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        ownerOnly(name, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Makes keys, hands the venue its halves, and remembers all that must not be found. */
    private void prepare(SimulatedVenue sim) throws IOException, GeneralSecurityException {
        byte[] hmac = alphanumeric(64);
        ownerOnly("hmac", hmac);
        sim.addKey("leak-hmac", Secret.of(hmac), "");
        secrets.add("hmac", hmac);
        Files.writeString(
                folder.resolve("fetch.sh"),
                "cat /proc/$$/cmdline /proc/$$/environ > " + folder.resolve("child-of-child") + "\ncat "
                        + folder.resolve("hmac") + "\n");

        KeyPair edwards = pair("Ed25519", "");
        byte[] seed = ((EdECPrivateKey) edwards.getPrivate()).getBytes().orElseThrow();
        byte[] expanded = MessageDigest.getInstance("SHA-512").digest(seed);
        byte[] scalar = Arrays.copyOf(expanded, 32);
        scalar[0] &= (byte) 248;
        scalar[31] = (byte) (scalar[31] & 127 | 64);
        pem("ed25519", edwards.getPrivate());
        sim.addKey("leak-ed25519", edwards.getPublic());
        secrets.add("ed25519 seed", seed);
        secrets.add("ed25519 scalar", scalar);
        secrets.add("ed25519 hash", expanded);

        KeyPair rsa = pair("RSA", "");
        pem("rsa", rsa.getPrivate());
        sim.addKey("leak-rsa", rsa.getPublic());
        RSAPrivateCrtKey numbers = (RSAPrivateCrtKey) rsa.getPrivate();
        secrets.add("rsa d", unsigned(numbers.getPrivateExponent()));
        secrets.add("rsa p", unsigned(numbers.getPrimeP()));
        secrets.add("rsa q", unsigned(numbers.getPrimeQ()));
        secrets.add("rsa dp", unsigned(numbers.getPrimeExponentP()));
        secrets.add("rsa dq", unsigned(numbers.getPrimeExponentQ()));
        secrets.add("rsa qinv", unsigned(numbers.getCrtCoefficient()));

        KeyPair ec = pair("EC", "secp256r1");
        pem("ec", ec.getPrivate());
        secrets.add("ec", unsigned(((ECPrivateKey) ec.getPrivate()).getS()));

        byte[] text = alphanumeric(64);
        Files.write(folder.resolve("control-string"), text);
        controlString.add("control", text);
        byte[] mac = alphanumeric(64);
        Files.write(folder.resolve("control-mac"), mac);
        controlMac.add("control", mac);

        Files.write(folder.resolve("root.der"), sim.trustAnchor().getEncoded());
        Fault[] throttled = new Fault[100];
        Arrays.fill(throttled, Fault.throttled(Duration.ZERO));
        Fault[] unanswered = new Fault[100];
        Arrays.fill(unanswered, Fault.acceptThenLoseAnswer());
        sim.faults()
                .next(LeakWorkload.request(LeakWorkload.Kind.THROTTLED).path()::equals, throttled)
                .next(LeakWorkload.request(LeakWorkload.Kind.UNANSWERED).path()::equals, unanswered);
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseG1GC"})
    void workload_afterItClosedItsKeys_hasLeftNoSecretAnywhere(String collector) throws Exception {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE)) {
            prepare(sim);
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            collector,
                            "-XX:MarkSweepDeadRatio=0", // else a collection leaves some dead objects where they are
                            "-Xmx256m",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                            "-Dorg.slf4j.simpleLogger.logFile=" + folder.resolve("log"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            LeakWorkload.class.getName(),
                            folder.toString(),
                            sim.uri().toString(),
                            Integer.toString(REQUESTS))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out").toFile())
                    .start();
            Files.write(folder.resolve("child"), Files.readAllBytes(Path.of("/proc/" + child.pid() + "/cmdline")));
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(folder.resolve("out")))
                    .contains(
                            "{SENT=" + REQUESTS + ", REFUSED=100, THROTTLED=100, UNANSWERED=100, NOT_SENT=100} 64 32");
        }
        Path dump = folder.resolve("heap.hprof");
        assertThat(controlString.in(dump)).as("a String is found").isNotEmpty();
        assertThat(controlMac.in(dump)).as("the masked key of a Mac is found").anyMatch(hit -> hit.contains("xor 36"));
        assertThat(Files.size(folder.resolve("log"))).as("TRACE was on").isGreaterThan(100_000);
        assertThat(Files.size(folder.resolve("audit/000001.jsonl")))
                .as("two records a request")
                .isGreaterThan(REQUESTS * 600L);
        for (String where :
                List.of("heap.hprof", "log", "audit/000001.jsonl", "texts", "out", "child", "child-of-child")) {
            assertThat(secrets.in(folder.resolve(where))).as(where).isEmpty();
        }
    }

    /** Shows that each form is found where it is. */
    @Test
    void needles_plantedForms_areFound() throws IOException {
        byte[] secret = alphanumeric(64);
        Needles needles = new Needles();
        needles.add("x", secret);
        byte[] masked = secret.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= 0x5c;
        }
        TreeSet<String> seen = new TreeSet<>();
        int number = 0;
        for (byte[] form : List.of(
                secret,
                masked,
                HexFormat.of().formatHex(secret).getBytes(StandardCharsets.US_ASCII),
                Base64.getEncoder()
                        .encode(("ab" + new String(secret, StandardCharsets.US_ASCII))
                                .getBytes(StandardCharsets.US_ASCII)),
                Arrays.copyOfRange(secret, 15, 33))) {
            byte[] hay = new byte[3_000_000];
            System.arraycopy(form, 0, hay, (1 << 20) - 20, form.length); // across the edge of the search window
            TreeSet<String> found = needles.in(Files.write(folder.resolve("hay" + number++), hay));
            assertThat(found).isNotEmpty();
            seen.addAll(found);
        }
        assertThat(seen).hasSizeGreaterThan(8);
        assertThat(needles.in(Files.write(folder.resolve("empty"), new byte[3_000_000])))
                .isEmpty();
    }

    /** What the child reads is what the forms were made of. */
    @Test
    void prepare_keys_areReadableAsTheChildReadsThem() throws Exception {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE)) {
            prepare(sim);
            for (String name : List.of("ed25519", "rsa", "ec")) {
                try (SigningKey key = KeyReader.read(Secret.fromFile(folder.resolve(name)))) {
                    assertThat(key.publicKey()).isPresent();
                }
            }
        }
    }
}
