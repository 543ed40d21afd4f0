package io.intaglio.signing.scheme;

import io.intaglio.signing.SigningException;
import io.intaglio.signing.internal.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A growing run of bytes that parts are written into. Not thread-safe: each signature has its own. */
public final class ByteSink {
    private static final byte[] NOTHING = {};
    private static final int SLACK = 128;

    private byte[] bytes;
    private int size;

    ByteSink(int capacity) {
        bytes = capacity == 0 ? NOTHING : new byte[capacity];
    }

    /** A sink that begins with these bytes and owns their array. */
    static ByteSink owning(byte[] content) {
        ByteSink sink = new ByteSink(0);
        sink.bytes = content;
        sink.size = content.length;
        return sink;
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
        int start = reserve(length);
        byte[] out = bytes;
        int i = 0;
        for (; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                break;
            }
            out[start + i] = (byte) c;
        }
        size = start + i;
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
        checkTime(value);
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

    static long checkTime(long value) {
        if (value < 0) {
            throw new SigningException("a timestamp before 1970 (" + value + ") cannot be signed; check the clock");
        }
        return value;
    }

    /** Appends a JSON value as {@link JsonText} writes it, without a text in between. */
    void json(@Nullable Object value) {
        if (value instanceof String text) {
            quoted(text);
        } else if (value instanceof Map<?, ?> members) {
            write('{');
            int begin = size;
            // forEach: an unmodifiable map makes objects for each entry that its iterator gives
            members.forEach((name, member) -> {
                if (size > begin) {
                    write(',');
                }
                quoted(String.valueOf(name));
                write(':');
                json(member);
            });
            write('}');
        } else if (value instanceof List<?> list) {
            write('[');
            for (int i = 0; i < list.size(); i++) {
                if (i > 0) {
                    write(',');
                }
                json(list.get(i));
            }
            write(']');
        } else {
            text(JsonText.scalar(value));
        }
    }

    private void quoted(String text) {
        int length = text.length();
        int start = reserve(length + 2);
        byte[] out = bytes;
        out[start] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 32 || c >= 128 || c == '"' || c == '\\') {
                StringBuilder escaped = new StringBuilder(length + 16);
                JsonText.quote(text, escaped);
                text(escaped.toString());
                return;
            }
            out[start + 1 + i] = (byte) c;
        }
        out[start + 1 + length] = '"';
        size = start + length + 2;
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

    String textFrom(int from) {
        return new String(bytes, from, size - from, StandardCharsets.UTF_8);
    }

    byte[] array() {
        return bytes;
    }

    /** The array itself unless most of it is unused: for a sink that nobody writes into any more. What was written is how it begins. */
    byte[] handOver() {
        return bytes.length - size <= SLACK ? bytes : toByteArray();
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
