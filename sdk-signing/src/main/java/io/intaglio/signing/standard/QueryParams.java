package io.intaglio.signing.standard;

import io.intaglio.signing.internal.Percent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Query fields in the form that {@code @query-param} signs (RFC 9421 section 2.2.8): decoded as an HTML form and encoded again, so that no
 * line feed of a value can reach a signature base.
 */
final class QueryParams {
    private QueryParams() {}

    /** The encoded value of the field with this encoded name; empty when it does not occur. */
    static Optional<String> find(String query, String encodedName) {
        String found = null;
        int start = 0;
        while (start <= query.length()) {
            int end = query.indexOf('&', start);
            end = end < 0 ? query.length() : end;
            if (end > start) {
                int equals = query.indexOf('=', start);
                boolean bare = equals < 0 || equals >= end;
                if (again(query.substring(start, bare ? end : equals)).equals(encodedName)) {
                    if (found != null) {
                        throw new IllegalArgumentException("occurs more than once in the query");
                    }
                    found = bare ? "" : again(query.substring(equals + 1, end));
                }
            }
            start = end + 1;
        }
        return Optional.ofNullable(found);
    }

    /** Percent-encodes plain text with the form set of the URL standard: only letters, digits and {@code *-._} stay. */
    static String encode(String plain) {
        return encode(plain.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(byte[] utf8) {
        StringBuilder out = new StringBuilder(utf8.length + 16);
        for (byte b : utf8) {
            int c = b & 255;
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "*-._".indexOf(c) >= 0) {
                out.append((char) c);
            } else {
                out.append('%').append((char) Percent.digit(c >> 4)).append((char) Percent.digit(c & 15));
            }
        }
        return out.toString();
    }

    private static String again(String encoded) {
        byte[] text = encoded.getBytes(StandardCharsets.UTF_8);
        byte[] plain = new byte[text.length];
        int length = 0;
        for (int i = 0; i < text.length; i++) {
            int high = i + 2 < text.length ? Character.digit(text[i + 1], 16) : -1;
            int low = i + 2 < text.length ? Character.digit(text[i + 2], 16) : -1;
            if (text[i] == '%' && high >= 0 && low >= 0) {
                plain[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                plain[length++] = text[i] == '+' ? (byte) ' ' : text[i];
            }
        }
        try {
            // Bytes that are no UTF-8 would all turn into the same replacement character, and so would share a
            // signature.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(plain, 0, length));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("stands in a query that is not UTF-8");
        }
        return encode(java.util.Arrays.copyOf(plain, length));
    }
}
