package io.intaglio.benchmarks;

import io.intaglio.signing.Field;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is left of signing when everything that can be left out is: plain JDK code for one request shape, one buffer, tables instead of formatters.
 * The limit that the library is measured against. Not for use: it knows one venue and checks nothing but which characters to escape.
 */
final class ByHand {
    /** HMAC-SHA256 in one of the two ways that cost least. */
    interface Hmac {
        void sign(byte[] data, int length, byte[] out, int outOffset) throws GeneralSecurityException;
    }

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".toCharArray()) {
            PLAIN[c] = true;
        }
    }

    private ByHand() {}

    /** Clones the two digests in the state after the key's block. */
    static Hmac midstates(byte[] key) {
        MessageDigest inner = afterBlock(key, 0x36);
        MessageDigest outer = afterBlock(key, 0x5c);
        return (data, length, out, outOffset) -> {
            MessageDigest first = copy(inner);
            MessageDigest second = copy(outer);
            first.update(data, 0, length);
            first.digest(out, outOffset, 32);
            second.update(out, outOffset, 32);
            second.digest(out, outOffset, 32);
        };
    }

    private static MessageDigest copy(MessageDigest digest) throws DigestException {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new DigestException(e);
        }
    }

    private static MessageDigest afterBlock(byte[] key, int mask) {
        byte[] block = Arrays.copyOf(key, 64);
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (block[i] ^ mask);
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(block);
            return digest;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One {@link Mac} for one thread, never re-keyed. */
    static Hmac reusedMac(byte[] key) {
        Mac mac;
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return (data, length, out, outOffset) -> {
            mac.update(data, 0, length);
            mac.doFinal(out, outOffset);
        };
    }

    /** The body of a Binance order, signature and all. */
    static byte[] binanceBody(List<Field> fields, long millis, Hmac hmac) throws GeneralSecurityException {
        byte[] out = new byte[320];
        int size = ascii("timestamp=", out, 0);
        size = decimal(millis, out, size);
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            out[size++] = '&';
            size = encoded(field.name(), out, size);
            out[size++] = '=';
            size = encoded(field.value(), out, size);
        }
        byte[] signature = new byte[32];
        hmac.sign(out, size, signature, 0);
        size = ascii("&signature=", out, size);
        for (byte b : signature) {
            out[size++] = HEX[b >> 4 & 15];
            out[size++] = HEX[b & 15];
        }
        return Arrays.copyOf(out, size);
    }

    /**
     * What a Coinbase order takes to send.
     *
     * @param body shared, not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier that lives for one call
    record Headers(byte[] body, String timestamp, String signature) {}

    /** The headers of a Coinbase order whose body is ready. */
    static Headers coinbaseHeaders(byte[] body, String path, long seconds, Hmac hmac) throws GeneralSecurityException {
        byte[] out = new byte[320];
        int stamp = decimal(seconds, out, 0);
        int size = ascii("POST", out, stamp);
        size = ascii(path, out, size);
        System.arraycopy(body, 0, out, size, body.length);
        return headers(body, out, stamp, size + body.length, hmac);
    }

    /** The body and headers of a Coinbase order from its members, all of them text. */
    static Headers coinbaseOrder(List<Field> members, String path, long seconds, Hmac hmac)
            throws GeneralSecurityException {
        byte[] out = new byte[320];
        int stamp = decimal(seconds, out, 0);
        int begin = ascii(path, out, ascii("POST", out, stamp));
        int size = begin;
        for (int i = 0; i < members.size(); i++) {
            Field member = members.get(i);
            out[size++] = (byte) (i == 0 ? '{' : ',');
            size = quoted(member.name(), out, size);
            out[size++] = ':';
            size = quoted(member.value(), out, size);
        }
        out[size++] = '}';
        return headers(Arrays.copyOfRange(out, begin, size), out, stamp, size, hmac);
    }

    private static Headers headers(byte[] body, byte[] out, int stamp, int size, Hmac hmac)
            throws GeneralSecurityException {
        byte[] signature = new byte[32];
        hmac.sign(out, size, signature, 0);
        return new Headers(
                body, latin1(out, stamp), java.util.Base64.getEncoder().encodeToString(signature));
    }

    @SuppressWarnings("deprecation") // the cheapest way from ASCII bytes to text
    private static String latin1(byte[] bytes, int length) {
        return new String(bytes, 0, 0, length);
    }

    private static int ascii(String text, byte[] out, int at) {
        for (int i = 0; i < text.length(); i++) {
            out[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }

    private static int encoded(String text, byte[] out, int at) {
        int size = at;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                throw new IllegalArgumentException("this benchmark sends ASCII");
            }
            if (PLAIN[c]) {
                out[size++] = (byte) c;
            } else {
                out[size++] = '%';
                out[size++] = (byte) Character.toUpperCase(HEX[c >> 4]);
                out[size++] = (byte) Character.toUpperCase(HEX[c & 15]);
            }
        }
        return size;
    }

    private static int quoted(String text, byte[] out, int at) {
        int size = at;
        out[size++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 32 || c >= 128 || c == '"' || c == '\\') {
                throw new IllegalArgumentException("this benchmark sends plain ASCII");
            }
            out[size++] = (byte) c;
        }
        out[size++] = '"';
        return size;
    }

    private static int decimal(long value, byte[] out, int at) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }
}
