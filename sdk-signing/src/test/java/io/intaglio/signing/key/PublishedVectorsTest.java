package io.intaglio.signing.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.secret.Secret;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Facts typed from the RFCs. */
class PublishedVectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    /**
     * RFC 4231, sections 4.2 to 4.8. The fifth case gives 128 bits of each code. {@code 20*aa} is 20 times the byte aa.
     */
    @ParameterizedTest(name = "RFC 4231 case {0}")
    @CsvSource({
        "1, 20*0b, 4869205468657265,"
                + "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7,"
                + "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6,"
                + "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        "2, 4a656665, 7768617420646f2079612077616e7420666f72206e6f7468696e673f,"
                + "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843,"
                + "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649,"
                + "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        "3, 20*aa, 50*dd,"
                + "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe,"
                + "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27,"
                + "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
                + "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
        "4, 0102030405060708090a0b0c0d0e0f10111213141516171819, 50*cd,"
                + "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b,"
                + "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb,"
                + "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
                + "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
        "5, 20*0c, 546573742057697468205472756e636174696f6e,"
                + "a3b6167473100ee06e0c796c2955552b,"
                + "3abf34c3503b2a23a46efc619baef897,"
                + "415fad6271580a531d4179bc891d87a6",
        "6, 131*aa, 54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579"
                + "202d2048617368204b6579204669727374,"
                + "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54,"
                + "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952,"
                + "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        "7, 131*aa, 5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65"
                + "206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b65"
                + "79206e6565647320746f20626520686173686564206265666f7265206265696e6720757365642062792074686520"
                + "484d414320616c676f726974686d2e,"
                + "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2,"
                + "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e,"
                + "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
                + "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"
    })
    void hmac_rfc4231_isThePublishedCode(
            String number, String key, String data, String sha256, String sha384, String sha512) {
        SigningKey signing = SigningKey.hmac(Secret.takeOver(bytes(key)));
        assertCode(signing, Hash.SHA256, data, sha256);
        assertCode(signing, Hash.SHA384, data, sha384);
        assertCode(signing, Hash.SHA512, data, sha512);
    }

    private static void assertCode(SigningKey key, Hash hash, String data, String expected) {
        byte[] code = key.sign(SignatureAlgorithm.hmac(hash, SecretForm.UTF8), bytes(data));
        assertThat(code).hasSize(hash.length());
        assertThat(HEX.formatHex(code)).startsWith(expected);
    }

    /** RFC 8032, section 7.1, tests 1, 2, 3 and SHA(abc). */
    @ParameterizedTest(name = "RFC 8032 test {0}")
    @CsvSource({
        "1, 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,"
                + "'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "2, 4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,"
                + "72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "3, c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,"
                + "af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        "abc, 833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,"
                + "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,"
                + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,"
                + "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
                + "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
    })
    void ed25519_rfc8032_isThePublishedSignature(
            String number, String seed, String publicKey, String data, String signature) {
        SigningKey key = SigningKey.ed25519(bytes(seed));
        assertThat(HEX.formatHex(key.rawPublicKey())).isEqualTo(publicKey);
        assertThat(HEX.formatHex(key.sign(SignatureAlgorithm.ed25519(), bytes(data))))
                .isEqualTo(signature);
        assertThat(VerifyingKey.ed25519(bytes(publicKey))
                        .verify(SignatureAlgorithm.ed25519(), bytes(data), bytes(signature)))
                .isTrue();
    }

    private static byte[] bytes(String text) {
        int star = text.indexOf('*');
        if (star < 0) {
            return HEX.parseHex(text);
        }
        byte[] repeated = new byte[Integer.parseInt(text.substring(0, star))];
        Arrays.fill(repeated, HEX.parseHex(text.substring(star + 1))[0]);
        return repeated;
    }
}
