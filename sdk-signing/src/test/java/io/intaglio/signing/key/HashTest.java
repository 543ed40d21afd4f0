package io.intaglio.signing.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HashTest {
    /** The hash of "abc", from RFC 1321 and NIST's example values. */
    @ParameterizedTest
    @CsvSource({
        "MD5, 900150983cd24fb0d6963f7d28e17f72",
        "SHA1, a9993e364706816aba3e25717850c26c9cd0d89d",
        "SHA256, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "SHA384, cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed" + "8086072ba1e7cc2358baeca134c825a7",
        "SHA512, ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "SHA3_256, 3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"
    })
    void digest_ofAbc_isThePublishedValue(Hash hash, String expected) {
        byte[] data = "..abc..".getBytes(US_ASCII);
        assertThat(HexFormat.of().formatHex(hash.digest(data, 2, 3))).isEqualTo(expected);
        assertThat(hash.length()).isEqualTo(expected.length() / 2);
    }

    @ParameterizedTest
    @EnumSource
    void newDigest_twice_areIndependent(Hash hash) throws NoSuchAlgorithmException {
        MessageDigest one = hash.newDigest();
        MessageDigest other = hash.newDigest();
        one.update((byte) 1);
        other.update((byte) 2);
        assertThat(one.digest())
                .isEqualTo(MessageDigest.getInstance(hash.jcaName()).digest(new byte[] {1}));
        assertThat(other.digest())
                .isEqualTo(MessageDigest.getInstance(hash.jcaName()).digest(new byte[] {2}));
        assertThat(hash.newDigest().digest())
                .isEqualTo(MessageDigest.getInstance(hash.jcaName()).digest());
    }
}
