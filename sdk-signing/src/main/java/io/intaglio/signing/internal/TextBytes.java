package io.intaglio.signing.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text that is to be hashed or signed, gathered as its UTF-8 bytes, without a text in between. Not thread-safe. */
public final class TextBytes {
    private byte[] bytes;
    private int size;

    /** Starts with room for so many bytes; more are made when they are needed. */
    public TextBytes(int room) {
        bytes = new byte[room];
    }

    /** Appends text. */
    public TextBytes text(String text) {
        return text(text, 0);
    }

    /** Appends text from this character on. */
    public TextBytes text(String text, int from) {
        int length = text.length() - from;
        reserve(length);
        byte[] out = bytes;
        int start = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(from + i);
            if (c >= 128) {
                return bytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
            }
            out[start + i] = (byte) c;
        }
        size += length;
        return this;
    }

    /** Appends an ASCII character. */
    public TextBytes mark(char ascii) {
        reserve(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    /** Appends bytes as lower-case hex. */
    public TextBytes hex(byte[] data) {
        reserve(data.length * 2);
        Codecs.hex(data, 0, data.length, bytes, size, false);
        size += data.length * 2;
        return this;
    }

    private TextBytes bytes(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
        return this;
    }

    private void reserve(int length) {
        if (bytes.length - size < length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, length)));
        }
    }

    /** The array itself, in which the first {@link #size} bytes count. */
    public byte[] array() {
        return bytes;
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }
}
