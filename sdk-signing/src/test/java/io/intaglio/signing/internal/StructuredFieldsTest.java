package io.intaglio.signing.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.intaglio.signing.SharedVectors;
import io.intaglio.signing.SharedVectors.Node;
import io.intaglio.signing.internal.StructuredFields.Bytes;
import io.intaglio.signing.internal.StructuredFields.Date;
import io.intaglio.signing.internal.StructuredFields.DisplayString;
import io.intaglio.signing.internal.StructuredFields.InnerList;
import io.intaglio.signing.internal.StructuredFields.Item;
import io.intaglio.signing.internal.StructuredFields.Member;
import io.intaglio.signing.internal.StructuredFields.Token;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The test suite of the HTTP working group, and examples from RFC 9651. */
class StructuredFieldsTest {

    @Test
    void workingGroupSuite_allCases_areReadAndWrittenRight() {
        int read = 0;
        int written = 0;
        List<String> wrong = new ArrayList<>();
        for (Path file : SharedVectors.files("structured-fields", ".json")) {
            for (Node test : Node.list(SharedVectors.json(file))) {
                String name = file.getFileName() + ": " + test.text("name");
                if (test.has("raw")) {
                    read++;
                    read(test, name, wrong);
                } else {
                    written++;
                    write(test, name, wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(read).isGreaterThan(500);
        assertThat(written).isGreaterThan(100);
    }

    private static void read(Node test, String name, List<String> wrong) {
        String type = test.text("header_type");
        Object parsed;
        try {
            parsed = parse(type, String.join(", ", test.texts("raw")));
        } catch (IllegalArgumentException e) {
            if (!test.is("must_fail") && !test.is("can_fail")) {
                wrong.add(name + " refused: " + e.getMessage());
            }
            return;
        }
        if (test.is("must_fail")) {
            wrong.add(name + " accepted");
            return;
        }
        Object expected = plain(model(type, test.member("expected")));
        if (!plain(parsed).equals(expected)) {
            wrong.add(name + " read as " + plain(parsed) + ", wanted " + expected);
        }
        String canonical = String.join(", ", test.texts(test.has("canonical") ? "canonical" : "raw"));
        if (!write(type, parsed).equals(canonical)) {
            wrong.add(name + " written as " + write(type, parsed) + ", wanted " + canonical);
        }
    }

    private static void write(Node test, String name, List<String> wrong) {
        String type = test.text("header_type");
        try {
            String text = write(type, model(type, test.member("expected")));
            if (test.is("must_fail")) {
                wrong.add(name + " written as " + text);
            } else if (!text.equals(String.join(", ", test.texts("canonical")))) {
                wrong.add(name + " written as " + text + ", wanted " + test.texts("canonical"));
            }
        } catch (IllegalArgumentException e) {
            if (!test.is("must_fail")) {
                wrong.add(name + " not written: " + e.getMessage());
            }
        }
    }

    private static Object parse(String type, String text) {
        return switch (type) {
            case "item" -> StructuredFields.item(text);
            case "list" -> StructuredFields.list(text);
            default -> StructuredFields.dictionary(text);
        };
    }

    @SuppressWarnings("unchecked") // the model of a list or dictionary
    private static String write(String type, Object value) {
        if (type.equals("item")) {
            StringBuilder out = new StringBuilder();
            StructuredFields.write((Item) value, out);
            return out.toString();
        }
        return type.equals("list")
                ? StructuredFields.write((List<Member>) value)
                : StructuredFields.write((Map<String, Member>) value);
    }

    /** The model as plain values that can be compared: byte sequences in Base32, numbers in one form, maps as ordered pairs. */
    private static Object plain(Object value) {
        if (value instanceof Item item) {
            return List.of(plain(item.value()), plain(item.parameters()));
        }
        if (value instanceof InnerList list) {
            return List.of(plain(list.items()), plain(list.parameters()));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(StructuredFieldsTest::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            List<Object> pairs = new ArrayList<>();
            map.forEach((key, member) -> pairs.add(List.of(key, plain(member))));
            return pairs;
        }
        if (value instanceof Bytes bytes) {
            return "bytes " + new String(Codecs.base32(bytes.content()), StandardCharsets.US_ASCII);
        }
        return value instanceof BigDecimal number ? number.stripTrailingZeros() : value;
    }

    /** The suite's JSON as our model. */
    private static Object model(String type, Object json) {
        if (type.equals("item")) {
            return member(json);
        }
        if (type.equals("list")) {
            return ((List<?>) json).stream().map(StructuredFieldsTest::member).toList();
        }
        Map<String, Object> members = new LinkedHashMap<>();
        for (Object pair : (List<?>) json) {
            members.put((String) ((List<?>) pair).get(0), member(((List<?>) pair).get(1)));
        }
        return members;
    }

    private static Member member(Object json) {
        List<?> pair = (List<?>) json;
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Object parameter : (List<?>) pair.get(1)) {
            parameters.put((String) ((List<?>) parameter).get(0), bare(((List<?>) parameter).get(1)));
        }
        return pair.get(0) instanceof List<?> items
                ? new InnerList(items.stream().map(item -> (Item) member(item)).toList(), parameters)
                : new Item(bare(pair.get(0)), parameters);
    }

    private static Object bare(Object json) {
        if (json instanceof BigDecimal number) {
            return number.scale() > 0 ? number : (Object) number.longValueExact();
        }
        if (json instanceof Map<?, ?> typed) {
            Object value = typed.get("value");
            return switch ((String) typed.get("__type")) {
                case "token" -> new Token((String) value);
                case "binary" -> new Bytes(base32((String) value));
                case "date" -> new Date(((BigDecimal) value).longValueExact());
                default -> new DisplayString((String) value);
            };
        }
        return json;
    }

    private static byte[] base32(String text) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        int bits = 0;
        int buffer = 0;
        for (char c : text.toLowerCase(Locale.ROOT).replace("=", "").toCharArray()) {
            buffer = (buffer << 5 | "abcdefghijklmnopqrstuvwxyz234567".indexOf(c)) & 0xfff;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                out.write(buffer >> bits);
            }
        }
        return out.toByteArray();
    }

    /** RFC 9651, examples of sections 3.1 to 3.3. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "list|sugar, tea, rum",
                "list|(\"foo\" \"bar\"), (\"baz\"), (\"bat\" \"one\"), ()",
                "list|(\"foo\";a=1;b=2);lvl=5, (\"bar\" \"baz\");lvl=1",
                "list|abc;a=1;b=2;cde_456, (ghi;jk=4 l);q=\"9\";r=w",
                "item|1;a;b=?0",
                "dictionary|en=\"Applepie\", da=:w4ZibGV0w6ZydGU=:",
                "dictionary|a=?0, b, c;foo=bar",
                "dictionary|rating=1.5, feelings=(joy sadness)",
                "item|@1659578233",
                "item|%\"This is intended for display to %c3%bcsers.\""
            })
    void write_exampleOfTheRfc_isWhatWasRead(String type, String text) {
        assertThat(write(type, parse(type, text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1, a=2",
                "a=1;b=1;b=2",
                "a=1,",
                "a=1 b=2",
                "A=1",
                "a=1.",
                "a=\"\u00e9\"",
                "a=:YQ:",
                "a=:YR==:",
                "a=(1 2"
            })
    void unambiguousDictionary_looseText_isRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StructuredFields.unambiguousDictionary(text))
                .withMessageContaining("position");
    }
}
