package io.intaglio.client.internal.json;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** One record of a file of JSON Lines. */
public final class JsonLine {
    private static final TypeReference<Map<String, Object>> RECORD = new TypeReference<>() {};

    private static final JsonMapper ASCII = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .characterEscapes(new DeleteToo())
                    .build())
            .build();

    /** Escapes the one control character of ASCII that JSON lets stand. */
    private static final class DeleteToo extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        private final int[] escapes = standardAsciiEscapesForJSON();

        DeleteToo() {
            escapes[127] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return escapes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return null;
        }
    }

    private JsonLine() {}

    /** Without the line's end. */
    public static String write(Map<String, Object> record) {
        return JsonMapper.shared().writeValueAsString(record);
    }

    /** As {@link #write}, in printable ASCII alone: whatever a text holds, it ends no line and moves nothing on a terminal. */
    public static byte[] writeAscii(Map<String, Object> record) {
        return ASCII.writeValueAsBytes(record);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is no JSON object
     */
    public static Map<String, Object> read(String line) {
        try {
            Map<String, Object> record = JsonMapper.shared().readValue(line, RECORD);
            if (record == null) {
                throw new IllegalArgumentException("null where an object was wanted");
            }
            return record;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a JSON object", e);
        }
    }
}
