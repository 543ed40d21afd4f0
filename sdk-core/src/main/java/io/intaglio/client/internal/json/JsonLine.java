package io.intaglio.client.internal.json;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** One record of a file of JSON Lines. */
public final class JsonLine {
    private static final TypeReference<Map<String, Object>> RECORD = new TypeReference<>() {};

    private JsonLine() {}

    /** Without the line's end. */
    public static String write(Map<String, Object> record) {
        return JsonMapper.shared().writeValueAsString(record);
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
