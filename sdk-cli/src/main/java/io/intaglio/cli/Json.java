package io.intaglio.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON in and out of the command. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    static String line(Map<String, ? extends @Nullable Object> object) {
        return MAPPER.writeValueAsString(object);
    }

    /** One value, compact. */
    static String text(@Nullable Object value) {
        return value instanceof BigDecimal number ? number.toPlainString() : MAPPER.writeValueAsString(value);
    }

    /** Maps, lists, text, numbers, booleans. */
    static Object value(String json, String subject) {
        try {
            return MAPPER.readValue(json, Object.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    subject + " is not JSON: fault at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr(),
                    e);
        }
    }

    static Map<?, ?> object(Path file) {
        Object value = value(Files.text(file), "file " + file);
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("file " + file + " must hold a JSON object");
    }
}
