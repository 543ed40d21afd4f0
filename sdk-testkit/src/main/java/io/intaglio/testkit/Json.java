package io.intaglio.testkit;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The little JSON that venues speak here: objects are maps in order. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** A map in the order given: name, value, name, value. */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    static String write(Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(out, value);
        }
        return text.toString();
    }

    /** The members, as text, of an object that is a member of this object. Null when there is none. */
    static @Nullable Map<String, String> members(byte[] body, String name) {
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String found = in.currentName();
                JsonToken value = in.nextToken();
                if (!name.equals(found)) {
                    in.skipChildren();
                    continue;
                }
                Map<String, String> members = new LinkedHashMap<>();
                while (value == JsonToken.START_OBJECT && in.nextToken() == JsonToken.PROPERTY_NAME) {
                    String member = in.currentName();
                    if (in.nextToken().isStructStart()) {
                        in.skipChildren();
                    } else {
                        members.put(member, in.getString());
                    }
                }
                return members;
            }
            return null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    /** The members of a JSON object as text; nested objects and arrays are left out. Null when it is no JSON object. */
    static @Nullable Map<String, String> members(byte[] body) {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                JsonToken value = in.nextToken();
                if (value.isStructStart()) {
                    in.skipChildren();
                } else if (value != JsonToken.VALUE_NULL) {
                    members.put(name, in.getString());
                }
            }
            return in.nextToken() == null ? members : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    private static void write(JsonGenerator out, Object value) {
        if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            map.forEach((name, member) -> {
                out.writeName((String) name);
                write(out, member);
            });
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            list.forEach(member -> write(out, member));
            out.writeEndArray();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean bool) {
            out.writeBoolean(bool);
        } else if (value instanceof BigDecimal number) {
            out.writeNumber(number);
        } else if (value instanceof Number number) {
            out.writeNumber(number.longValue());
        } else {
            throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }
}
