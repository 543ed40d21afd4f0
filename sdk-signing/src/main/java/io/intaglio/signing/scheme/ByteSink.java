package io.intaglio.signing.scheme;

import io.intaglio.signing.SigningException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing run of bytes that parts are written into. Not thread-safe: each signature has its own. */
public final class ByteSink {
    private byte[] bytes;
    private int size;

    ByteSink(int capacity) {
        bytes = new byte[capacity];
    }

    /** Appends one byte. */
    public void write(int value) {
        if (size == bytes.length) {
            grow(1);
        }
        bytes[size++] = (byte) value;
    }

    /** Appends part of an array. */
    public void write(byte[] data, int offset, int length) {
        reserve(length);
        System.arraycopy(data, offset, bytes, size, length);
        size += length;
    }

    /** Appends an array. */
    public void write(byte[] data) {
        write(data, 0, data.length);
    }

    /**
     * Appends text in UTF-8.
     *
     * @throws SigningException for a lone surrogate, which has no UTF-8 form
     */
    public void text(String text) {
        int length = text.length();
        reserve(length);
        int i = 0;
        for (; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                break;
            }
            bytes[size + i] = (byte) c;
        }
        size += i;
        if (i < length) {
            utf8(text, i);
        }
    }

    private void utf8(String text, int from) {
        int i = from;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c < 0x80) {
                write(c);
            } else if (c < 0x800) {
                write(0xc0 | c >> 6);
                write(0x80 | c & 63);
            } else if (c >= 0xd800 && c <= 0xdfff) {
                throw new SigningException("a text holds half of a surrogate pair (U+" + Integer.toHexString(c)
                        + ") at position " + i + ", which has no UTF-8 form; give whole characters");
            } else if (c < 0x10000) {
                write(0xe0 | c >> 12);
                write(0x80 | c >> 6 & 63);
                write(0x80 | c & 63);
            } else {
                write(0xf0 | c >> 18);
                write(0x80 | c >> 12 & 63);
                write(0x80 | c >> 6 & 63);
                write(0x80 | c & 63);
            }
        }
    }

    /** Appends a decimal integer that is not negative. */
    public void decimal(long value) {
        if (value < 0) {
            throw new SigningException("a timestamp before 1970 (" + value + ") cannot be signed; check the clock");
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        reserve(digits);
        long rest = value;
        for (int i = size + digits - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** What was written, as UTF-8 text. */
    public String asText() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    @SuppressWarnings(
            "deprecation") // String(byte[], int, int, int) makes Latin-1 text without a decoder, once no byte is over
    // 127
    String asAscii(int from) {
        for (int i = from; i < size; i++) {
            if (bytes[i] < 0) {
                return new String(bytes, from, size - from, StandardCharsets.UTF_8);
            }
        }
        return new String(bytes, 0, from, size - from);
    }

    byte[] array() {
        return bytes;
    }

    void append(ByteSink other) {
        write(other.bytes, 0, other.size);
    }

    void truncate(int newSize) {
        size = newSize;
    }

    /** Makes room for {@code length} more bytes and returns where they begin; the caller fills {@link #array()} and calls advance. */
    int reserve(int length) {
        if (bytes.length - size < length) {
            grow(length);
        }
        return size;
    }

    void advance(int length) {
        size += length;
    }

    private void grow(int atLeast) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, atLeast)));
    }
}
