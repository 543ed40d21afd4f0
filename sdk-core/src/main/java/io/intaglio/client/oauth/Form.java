package io.intaglio.client.oauth;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A body of {@code application/x-www-form-urlencoded}, in an array that is wiped when it is outgrown. Used by one thread. */
final class Form {
    private static final String HEX = "0123456789ABCDEF";

    private byte[] bytes = new byte[512];
    private int length;

    void add(String name, String value) {
        begin(name);
        encode(value.getBytes(StandardCharsets.UTF_8));
    }

    void add(String name, Secret value) {
        begin(name);
        InsecureSecretAccess.use(value, plain -> {
            encode(plain);
            return plain.length;
        });
    }

    private void begin(String name) {
        if (length > 0) {
            raw('&');
        }
        encode(name.getBytes(StandardCharsets.UTF_8));
        raw('=');
    }

    void encode(byte[] plain) {
        for (byte b : plain) {
            char c = (char) (b & 0xff);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._*".indexOf(c) >= 0) {
                raw(c);
            } else if (c == ' ') {
                raw('+');
            } else {
                raw('%');
                raw(HEX.charAt(c >> 4));
                raw(HEX.charAt(c & 15));
            }
        }
    }

    void raw(char c) {
        if (length == bytes.length) {
            byte[] larger = Arrays.copyOf(bytes, 2 * length);
            Arrays.fill(bytes, (byte) 0);
            bytes = larger;
        }
        bytes[length++] = (byte) c;
    }

    /** The bytes, which the caller wipes; this form is empty then. */
    byte[] takeBytes() {
        byte[] taken = Arrays.copyOf(bytes, length);
        Arrays.fill(bytes, (byte) 0);
        length = 0;
        return taken;
    }
}
