package io.intaglio.signing.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a keystore may ask for, wherever in it that is said, and by which bytes its kind is told. */
class KeystoreCostTest {
    private static final byte[] SALT = new byte[8];

    @TempDir
    Path folder;

    private static DERSequence sequence(ASN1Encodable... elements) {
        return new DERSequence(elements);
    }

    private static ASN1Integer integer(String number) {
        return new ASN1Integer(new BigInteger(number));
    }

    private static ASN1Encodable pbkdf2(String iterations) {
        return sequence(
                new ASN1ObjectIdentifier("1.2.840.113549.1.5.12"),
                sequence(new DEROctetString(SALT), integer(iterations)));
    }

    private static ASN1Encodable scrypt(String n, String r) {
        return sequence(
                new ASN1ObjectIdentifier("1.3.6.1.4.1.11591.4.11"),
                sequence(new DEROctetString(SALT), integer(n), integer(r), integer("1")));
    }

    private static void check(ASN1Encodable content) throws IOException {
        KeystoreCost.check(content.toASN1Primitive().getEncoded(), "keystore x");
    }

    private static void refused(ASN1Encodable content, String message) {
        assertThatThrownBy(() -> check(content))
                .isInstanceOf(SecretException.class)
                .hasMessage("keystore x " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1000001", "9223372036854775807"})
    void check_iterationsOutOfRange_areRefusedWhereverTheyStand(String iterations) throws IOException {
        String message =
                "asks for " + iterations + " iterations, but at most 1000000 are done; write it again with fewer";
        ASN1Encodable asked = pbkdf2(iterations);
        Map<String, ASN1Encodable> places = Map.of(
                "root",
                asked,
                "sequence",
                sequence(integer("1"), asked),
                "set",
                new DERSet(asked),
                "tagged",
                sequence(new DERTaggedObject(true, 0, asked)),
                "octets",
                new DEROctetString(asked.toASN1Primitive().getEncoded()),
                "octets in octets",
                new DEROctetString(
                        sequence(new DEROctetString(asked.toASN1Primitive().getEncoded()))
                                .getEncoded()),
                "pkcs12",
                sequence(
                        new ASN1ObjectIdentifier("1.2.840.113549.1.12.1.3"),
                        sequence(new DEROctetString(SALT), integer(iterations))),
                "mac",
                sequence(sequence(), new DEROctetString(SALT), integer(iterations)));
        places.forEach((place, content) -> refused(content, message));
    }

    @Test
    void check_iterationsInRange_areTaken() throws IOException {
        check(sequence(pbkdf2("1"), pbkdf2("1000000"), new DERSet(pbkdf2("2048"))));
        check(new DEROctetString(new byte[] {0x30, 0x01, 0x00})); // encrypted bytes that happen to begin so
        refused(
                pbkdf2("9223372036854775808"),
                "asks for over 2^63 iterations, but at most 1000000 are done; write it again with fewer");
    }

    /** N times r times 128 bytes, of which 2^28 are spent. */
    @ParameterizedTest
    @CsvSource({"0, 8", "8, 0", "-1, -1", "-8, 8", "8, -8", "2097153, 1", "262144, 9", "9223372036854775807, 1"})
    void check_scryptThatCostsTooMuch_isRefused(String n, String r) {
        refused(
                scrypt(n, r),
                "asks for scrypt with N " + n + " and r " + r
                        + ", but at most 256 MiB are spent; write it again with less");
    }

    @ParameterizedTest
    @CsvSource({"2097152, 1", "262144, 8", "1, 1"})
    void check_scryptWithinTheLimit_isTaken(String n, String r) {
        assertThatCode(() -> check(scrypt(n, r))).doesNotThrowAnyException();
    }

    /** 41 levels are looked at, whatever they are made of. */
    @Test
    void check_nestedTooDeeply_isRefused() throws IOException {
        for (boolean sets : List.of(false, true)) {
            ASN1Encodable nested = integer("1");
            for (int level = 1; level <= 40; level++) {
                nested = sets ? new DERSet(nested) : sequence(nested);
            }
            check(nested);
            refused(
                    sets ? new DERSet(nested) : sequence(nested),
                    "is damaged: it is not whole DER; restore it from its backup");
        }
        ASN1Encodable tagged = integer("1");
        for (int level = 1; level <= 40; level++) {
            tagged = new DERTaggedObject(true, 0, tagged);
        }
        check(tagged);
        refused(new DERTaggedObject(true, 0, tagged), "is damaged: it is not whole DER; restore it from its backup");
    }

    // ---- the kind, told by the first bytes

    private String refusal(String hex) throws IOException {
        Path file = folder.resolve("store");
        Files.write(file, HexFormat.of().parseHex(hex));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        SecretStore store = SecretStore.builder().build();
        String[] message = {""};
        assertThatThrownBy(() -> store.resolve("keystore:" + file + "#key"))
                .isInstanceOf(SecretException.class)
                .satisfies(thrown -> message[0] = thrown.getMessage());
        return message[0].replace(file.toString(), "FILE");
    }

    /** Version 3 is PKCS#12, a sequence BCFKS, with a length of one byte or several; then the password is asked for. */
    @ParameterizedTest
    @ValueSource(
            strings = {"3007020103300204 00", "308107020103300204 00", "300730020400020100", "30820007300204000201 00"})
    void resolve_shortestOfTheirKind_areRecognised(String hex) throws IOException {
        assertThat(refusal(hex.replace(" ", ""))).startsWith("FILE needs a password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2d2d", // less than the beginning of PEM
                "feedfe", // less than that of JKS
                "3006020103300400", // eight bytes hold nothing
                "300702010430020400", // version 4
                "300704010330020400", // no version
                "308701010101010101", // its length says that content begins behind the end
                "3087010101010101010201", // a version that is cut off
                "3187020103300204"
            })
    void resolve_nothingOfTheirKind_isNoKeystore(String hex) throws IOException {
        assertThat(refusal(hex)).isEqualTo("keystore FILE is neither PKCS#12 nor BCFKS; is it the right file?");
    }
}
