package io.intaglio.signing;

import io.intaglio.signing.internal.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of an {@link ApiRequest} before encoding. The scheme encodes it exactly once; those bytes are signed and those bytes are sent.
 * Immutable and thread-safe.
 */
public sealed interface Body {

    /** No body. */
    static Body none() {
        return None.NONE;
    }

    /** Ordered form fields, sent as {@code application/x-www-form-urlencoded} in the venue's own percent-encoding. */
    static Body form(List<Field> fields) {
        return new Form(List.copyOf(fields));
    }

    /**
     * A JSON value in the caller's member order, written compactly. Allowed are {@link Map} with text keys, {@link List}, text,
     * {@link java.math.BigDecimal}, {@link java.math.BigInteger}, {@link Integer}, {@link Long}, {@link Boolean} and null.
     *
     * @throws IllegalArgumentException for any other type; {@code double} and {@code float} cannot hold an amount
     */
    static Body json(Object value) {
        return new Json(JsonTree.copyOf(value));
    }

    /** Text that is sent as it is, in UTF-8. An empty text is a body of no bytes. */
    static Body text(String text, String contentType) {
        return new Raw(text.getBytes(StandardCharsets.UTF_8), contentType);
    }

    /** Bytes that are sent as they are. The array is copied. */
    static Body bytes(byte[] bytes, String contentType) {
        return new Raw(bytes.clone(), contentType);
    }

    /** No body at all; see {@link Body#none()}. */
    enum None implements Body {
        /** The only value. */
        NONE
    }

    /**
     * Ordered form fields; see {@link Body#form}.
     *
     * @param fields in sending order, unmodifiable
     */
    record Form(List<Field> fields) implements Body {
        /** Copies the list. */
        public Form {
            fields = List.copyOf(fields);
        }

        Form and(Field field) {
            Field[] more = fields.toArray(new Field[fields.size() + 1]);
            more[fields.size()] = field;
            return new Form(List.of(more));
        }
    }

    /** A JSON value; see {@link Body#json}. */
    final class Json implements Body {
        private final Object value;

        private Json(Object value) {
            this.value = value;
        }

        static Json of(Map<?, ?> members, String name, @Nullable Object value) {
            return new Json(JsonTree.with(members, name, value));
        }

        /** The tree: unmodifiable maps in member order, unmodifiable lists, text, exact numbers, booleans, and null inside them. */
        public Object value() {
            return value;
        }

        /** The value as it is sent: compact, members in the caller's order, numbers as plain decimals. */
        public String text() {
            StringBuilder text = new StringBuilder();
            JsonText.write(value, text);
            return text.toString();
        }
    }

    /** Bytes sent as they are; see {@link Body#text} and {@link Body#bytes}. */
    final class Raw implements Body {
        private final byte[] bytes;
        private final String contentType;

        private Raw(byte[] bytes, String contentType) {
            this.bytes = bytes;
            this.contentType = contentType;
        }

        /** A copy of the bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }

        /** Media type, or the empty text when none is to be sent. */
        public String contentType() {
            return contentType;
        }
    }
}
