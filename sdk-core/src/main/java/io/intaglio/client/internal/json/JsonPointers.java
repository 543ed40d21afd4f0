package io.intaglio.client.internal.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Finds one value by JSON pointer (RFC 6901) without building a tree; stops reading where the value ends. */
public final class JsonPointers {
    private final JsonFactory factory = new JsonFactory();

    /** With Jackson's default limits on depth and length. */
    public JsonPointers() {}

    /**
     * The value as text: text without quotes, numbers and literals as they are written, objects and lists as their JSON.
     *
     * @return null when there is no such value, when it is null, or when the text up to it is not JSON
     */
    public @Nullable String at(byte[] json, String pointer) {
        if (json.length == 0) {
            return null;
        }
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
            JsonToken token = moveTo(parser, pointer);
            return token == null ? null : value(parser, token, json);
        } catch (JacksonException e) {
            return null;
        }
    }

    /**
     * Which element of a list is the first that has this member with this text, read as {@link #at} reads it; members that are objects or lists are
     * not looked at.
     *
     * @return -1 when there is none, or the text up to it is not JSON
     */
    public int indexOf(byte[] json, String list, String member, String text) {
        if (json.length == 0) {
            return -1;
        }
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
            if (moveTo(parser, list) != JsonToken.START_ARRAY) {
                return -1;
            }
            int index = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT && has(parser, member, text)) {
                    return index;
                }
                parser.skipChildren();
                index++;
            }
            return -1;
        } catch (JacksonException e) {
            return -1;
        }
    }

    /** Reads an object to its end, or to the member. */
    private static boolean has(JsonParser parser, String member, String text) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean named = member.equals(parser.currentName());
            JsonToken value = parser.nextToken();
            if (named && value.isScalarValue() && value != JsonToken.VALUE_NULL && text.equals(parser.getString())) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static @Nullable JsonToken moveTo(JsonParser parser, String pointer) {
        JsonToken token = parser.nextToken();
        for (String step : steps(pointer)) {
            if (token == JsonToken.START_OBJECT) {
                token = member(parser, step);
            } else if (token == JsonToken.START_ARRAY) {
                token = element(parser, step);
            } else {
                return null;
            }
            if (token == null) {
                return null;
            }
        }
        return token;
    }

    /** Whether it is one JSON value from its beginning to its end, in UTF-8 and not nested beyond the limit. */
    public boolean isWhole(byte[] json) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
            JsonToken first = parser.nextToken();
            parser.skipChildren();
            return first != null && parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    private static @Nullable JsonToken member(JsonParser parser, String name) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = name.equals(parser.currentName());
            JsonToken value = parser.nextToken();
            if (found) {
                return value;
            }
            parser.skipChildren();
        }
        return null;
    }

    private static @Nullable JsonToken element(JsonParser parser, String index) {
        if (index.isEmpty() || index.length() > 9 || !index.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        int left = Integer.parseInt(index);
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            if (left-- == 0) {
                return token;
            }
            parser.skipChildren();
            token = parser.nextToken();
        }
        return null;
    }

    private static @Nullable String value(JsonParser parser, JsonToken token, byte[] json) {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (!token.isStructStart()) {
            return parser.getString();
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        return new String(json, start, end - start, StandardCharsets.UTF_8);
    }

    private static List<String> steps(String pointer) {
        List<String> steps = new ArrayList<>();
        if (pointer.isEmpty()) {
            return steps;
        }
        if (pointer.charAt(0) != '/') {
            throw new IllegalArgumentException("JSON pointer '" + pointer + "' must be empty or begin with '/'");
        }
        for (String step : pointer.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }
}
