package io.intaglio.signing.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Structured field values (RFC 9651), read strictly and written in their one canonical form. Whatever the RFC lets a parser refuse is
 * refused. Stateless.
 *
 * <p>Bare items are {@link Long}, {@link BigDecimal}, {@link String}, {@link Boolean}, {@link Token}, {@link Bytes}, {@link Date} and
 * {@link DisplayString}; parameters and dictionaries are maps in their order.
 */
public final class StructuredFields {
    private static final long MAX_INTEGER = 999_999_999_999_999L;
    private static final BigDecimal DECIMAL_LIMIT = new BigDecimal("1000000000000");
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    /** A token, which is written without quotes. */
    public record Token(String text) {}

    /** A date in seconds since 1970. */
    public record Date(long seconds) {}

    /** Text that may hold any Unicode character. */
    public record DisplayString(String text) {}

    /** A byte sequence. */
    public static final class Bytes {
        private final byte[] content;

        /** Takes the array over. */
        public Bytes(byte[] content) {
            this.content = content;
        }

        /** The bytes themselves, which nobody may change. */
        public byte[] content() {
            return content;
        }
    }

    /** A member of a list or dictionary. */
    public sealed interface Member {
        /** Its parameters in order. */
        Map<String, Object> parameters();
    }

    /** A bare item with parameters. */
    public record Item(Object value, Map<String, Object> parameters) implements Member {}

    /** A list inside a list or dictionary. */
    public record InnerList(List<Item> items, Map<String, Object> parameters) implements Member {}

    private StructuredFields() {}

    /**
     * Reads an item.
     *
     * @throws IllegalArgumentException naming the position of the fault, never the text
     */
    public static Item item(String text) {
        Parser parser = new Parser(text, false);
        Item item = parser.item();
        parser.end();
        return item;
    }

    /** Reads a list; see {@link #item}. */
    public static List<Member> list(String text) {
        return new Parser(text, false).list();
    }

    /** Reads a dictionary, in which the last of several equal keys counts; see {@link #item}. */
    public static Map<String, Member> dictionary(String text) {
        return new Parser(text, false).dictionary();
    }

    /** Reads a dictionary and refuses equal keys and equal parameters, of which readers might choose differently. */
    public static Map<String, Member> unambiguousDictionary(String text) {
        return new Parser(text, true).dictionary();
    }

    // ---- writing

    /** Writes an item or inner list with its parameters. */
    public static void write(Member member, StringBuilder out) {
        if (member instanceof InnerList list) {
            out.append('(');
            for (int i = 0; i < list.items().size(); i++) {
                if (i > 0) {
                    out.append(' ');
                }
                write(list.items().get(i), out);
            }
            out.append(')');
        } else if (member instanceof Item item) {
            writeBare(item.value(), out);
        }
        writeParameters(member.parameters(), out);
    }

    /** Writes a list. */
    public static String write(List<? extends Member> list) {
        StringBuilder out = new StringBuilder();
        for (Member member : list) {
            if (out.length() > 0) {
                out.append(", ");
            }
            write(member, out);
        }
        return out.toString();
    }

    /** Writes a dictionary. */
    public static String write(Map<String, ? extends Member> dictionary) {
        StringBuilder out = new StringBuilder();
        dictionary.forEach((key, member) -> {
            if (out.length() > 0) {
                out.append(", ");
            }
            writeKey(key, out);
            if (member instanceof Item item && Boolean.TRUE.equals(item.value())) {
                writeParameters(item.parameters(), out);
            } else {
                out.append('=');
                write(member, out);
            }
        });
        return out.toString();
    }

    /** Writes parameters, each with its semicolon. */
    public static void writeParameters(Map<String, Object> parameters, StringBuilder out) {
        parameters.forEach((key, value) -> {
            out.append(';');
            writeKey(key, out);
            if (!Boolean.TRUE.equals(value)) {
                out.append('=');
                writeBare(value, out);
            }
        });
    }

    /**
     * Writes a key.
     *
     * @throws IllegalArgumentException when it is not one
     */
    public static void writeKey(String key, StringBuilder out) {
        boolean good = !key.isEmpty() && isKeyStart(key.charAt(0));
        for (int i = 1; good && i < key.length(); i++) {
            good = isKeyPart(key.charAt(i));
        }
        if (!good) {
            throw new IllegalArgumentException(
                    "a structured field key starts with a-z or * and holds only a-z, 0-9, _, -, . and *");
        }
        out.append(key);
    }

    /**
     * Writes a bare item.
     *
     * @throws IllegalArgumentException when the value has no form in a structured field
     */
    public static void writeBare(Object value, StringBuilder out) {
        if (value instanceof Long number) {
            out.append(checkedInteger(number));
        } else if (value instanceof BigDecimal number) {
            out.append(decimal(number));
        } else if (value instanceof String text) {
            writeString(text, out);
        } else if (value instanceof Token token) {
            writeToken(token.text(), out);
        } else if (value instanceof Bytes bytes) {
            writeBytes(bytes.content(), out);
        } else if (value instanceof Boolean flag) {
            out.append(flag ? "?1" : "?0");
        } else if (value instanceof Date date) {
            out.append('@').append(checkedInteger(date.seconds()));
        } else if (value instanceof DisplayString display) {
            writeDisplay(display.text(), out);
        } else {
            throw new IllegalArgumentException(
                    "a value of " + value.getClass() + " has no form in a structured field (RFC 9651)");
        }
    }

    private static long checkedInteger(long number) {
        if (number > MAX_INTEGER || number < -MAX_INTEGER) {
            throw new IllegalArgumentException("a structured field integer has at most 15 digits");
        }
        return number;
    }

    private static String decimal(BigDecimal number) {
        BigDecimal rounded = number.setScale(3, RoundingMode.HALF_EVEN);
        if (rounded.abs().compareTo(DECIMAL_LIMIT) >= 0) {
            throw new IllegalArgumentException("a structured field decimal has at most 12 digits before its point");
        }
        String text = rounded.toPlainString();
        int end = text.length();
        while (text.charAt(end - 1) == '0' && text.charAt(end - 2) != '.') {
            end--;
        }
        return text.substring(0, end);
    }

    /** Writes text in quotes. */
    public static void writeString(String text, StringBuilder out) {
        out.append('"');
        boolean escapes = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 32 || c > 126) {
                throw new IllegalArgumentException(
                        "a structured field string holds printable ASCII alone, but character " + (i + 1) + " is U+"
                                + Integer.toHexString(0x10000 | c).substring(1));
            }
            escapes |= c == '"' || c == '\\';
        }
        out.append(escapes ? text.replace("\\", "\\\\").replace("\"", "\\\"") : text);
        out.append('"');
    }

    private static void writeToken(String text, StringBuilder out) {
        boolean good = !text.isEmpty() && (isAlpha(text.charAt(0)) || text.charAt(0) == '*');
        for (int i = 1; good && i < text.length(); i++) {
            good = isTokenPart(text.charAt(i));
        }
        if (!good) {
            throw new IllegalArgumentException(
                    "a structured field token starts with a letter or * and holds no blanks");
        }
        out.append(text);
    }

    /** Writes base64 between colons. */
    public static void writeBytes(byte[] bytes, StringBuilder out) {
        out.append(Codecs.base64(":", bytes, ":"));
    }

    private static void writeDisplay(String text, StringBuilder out) {
        ByteBuffer utf8;
        try {
            utf8 = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(java.nio.CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a display string holds half of a surrogate pair", e);
        }
        out.append("%\"");
        while (utf8.hasRemaining()) {
            int b = utf8.get() & 255;
            if (b == '%' || b == '"' || b < 32 || b > 126) {
                out.append('%').append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 15, 16));
            } else {
                out.append((char) b);
            }
        }
        out.append('"');
    }

    private static boolean isAlpha(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isTokenPart(int c) {
        return isAlpha(c) || isDigit(c) || c == ':' || c == '/' || c > 0 && TOKEN_MARKS.indexOf(c) >= 0;
    }

    private static boolean isKeyStart(int c) {
        return c >= 'a' && c <= 'z' || c == '*';
    }

    private static boolean isKeyPart(int c) {
        return isKeyStart(c) || isDigit(c) || c == '_' || c == '-' || c == '.';
    }

    /** Reads one field value, with the algorithms of RFC 9651 section 4.2. */
    private static final class Parser {
        private final String text;
        private final boolean refuseRepeats;
        private int at;

        Parser(String text, boolean refuseRepeats) {
            this.text = text;
            this.refuseRepeats = refuseRepeats;
            skipSpaces();
        }

        private int peek() {
            return at < text.length() ? text.charAt(at) : -1;
        }

        private IllegalArgumentException fault(String wanted) {
            return new IllegalArgumentException(
                    "is no structured field: " + wanted + " is wanted at position " + (at + 1));
        }

        private void skipSpaces() {
            while (peek() == ' ') {
                at++;
            }
        }

        private void skipBlanks() {
            while (peek() == ' ' || peek() == '\t') {
                at++;
            }
        }

        void end() {
            skipSpaces();
            if (at < text.length()) {
                throw fault("the end");
            }
        }

        List<Member> list() {
            List<Member> members = new ArrayList<>();
            while (at < text.length()) {
                members.add(member());
                if (!comma()) {
                    return members;
                }
            }
            return members;
        }

        Map<String, Member> dictionary() {
            Map<String, Member> members = new LinkedHashMap<>();
            while (at < text.length()) {
                int start = at;
                String key = key();
                Member member;
                if (peek() == '=') {
                    at++;
                    member = member();
                } else {
                    member = new Item(true, parameters());
                }
                if (members.put(key, member) != null && refuseRepeats) {
                    at = start;
                    throw fault("a key that has not occurred");
                }
                if (!comma()) {
                    return members;
                }
            }
            return members;
        }

        /** Whether another member follows. */
        private boolean comma() {
            skipBlanks();
            if (at == text.length()) {
                return false;
            }
            if (peek() != ',') {
                throw fault("a comma");
            }
            at++;
            skipBlanks();
            if (at == text.length()) {
                throw fault("a member after the comma");
            }
            return true;
        }

        private Member member() {
            return peek() == '(' ? innerList() : item();
        }

        private InnerList innerList() {
            at++;
            List<Item> items = new ArrayList<>();
            while (true) {
                skipSpaces();
                if (peek() == ')') {
                    at++;
                    return new InnerList(items, parameters());
                }
                items.add(item());
                if (peek() != ' ' && peek() != ')') {
                    throw fault("a space or )");
                }
            }
        }

        Item item() {
            Object value = bare();
            return new Item(value, parameters());
        }

        private Map<String, Object> parameters() {
            if (peek() != ';') {
                return Map.of();
            }
            Map<String, Object> parameters = new LinkedHashMap<>();
            while (peek() == ';') {
                at++;
                skipSpaces();
                int start = at;
                String key = key();
                Object value = true;
                if (peek() == '=') {
                    at++;
                    value = bare();
                }
                if (parameters.put(key, value) != null && refuseRepeats) {
                    at = start;
                    throw fault("a parameter that has not occurred");
                }
            }
            return parameters;
        }

        private String key() {
            int start = at;
            if (!isKeyStart(peek())) {
                throw fault("a key");
            }
            while (isKeyPart(peek())) {
                at++;
            }
            return text.substring(start, at);
        }

        private Object bare() {
            int c = peek();
            if (c == '-' || isDigit(c)) {
                return number();
            }
            if (c == '"') {
                return string();
            }
            if (c == '*' || isAlpha(c)) {
                int start = at;
                while (isTokenPart(peek())) {
                    at++;
                }
                return new Token(text.substring(start, at));
            }
            if (c == ':') {
                return bytes();
            }
            if (c == '?') {
                return flag();
            }
            if (c == '@') {
                at++;
                if (number() instanceof Long seconds) {
                    return new Date(seconds);
                }
                throw fault("a date in whole seconds");
            }
            if (c == '%') {
                return display();
            }
            throw fault("an item");
        }

        private Object number() {
            int start = at;
            if (peek() == '-') {
                at++;
            }
            int digits = digits();
            if (digits == 0) {
                throw fault("a digit");
            }
            if (peek() != '.') {
                if (digits > 15) {
                    throw fault("an integer of at most 15 digits");
                }
                return Long.parseLong(text.substring(start, at));
            }
            at++;
            int fraction = digits();
            if (digits > 12 || fraction == 0 || fraction > 3) {
                throw fault("a decimal of at most 12 and 1 to 3 digits");
            }
            return new BigDecimal(text.substring(start, at));
        }

        private int digits() {
            int start = at;
            while (isDigit(peek())) {
                at++;
            }
            return at - start;
        }

        private String string() {
            at++;
            StringBuilder out = new StringBuilder();
            while (true) {
                int c = peek();
                if (c == '"') {
                    at++;
                    return out.toString();
                }
                if (c == '\\') {
                    at++;
                    c = peek();
                    if (c != '"' && c != '\\') {
                        throw fault("a quote or backslash");
                    }
                } else if (c < 32 || c > 126) {
                    throw fault("printable ASCII or a closing quote");
                }
                out.append((char) c);
                at++;
            }
        }

        private Bytes bytes() {
            int start = ++at;
            int end = text.indexOf(':', start);
            if (end < 0) {
                throw fault("a closing colon");
            }
            String encoded = text.substring(start, end);
            byte[] decoded;
            try {
                decoded = Base64.getDecoder().decode(encoded);
            } catch (IllegalArgumentException e) {
                throw fault("base64");
            }
            // The JDK takes missing padding and loose bits; then two texts would stand for one value.
            if (!Base64.getEncoder().encodeToString(decoded).equals(encoded)) {
                throw fault("base64 in its canonical form");
            }
            at = end + 1;
            return new Bytes(decoded);
        }

        private Boolean flag() {
            at++;
            int c = peek();
            if (c != '0' && c != '1') {
                throw fault("0 or 1");
            }
            at++;
            return c == '1';
        }

        private DisplayString display() {
            at++;
            if (peek() != '"') {
                throw fault("a quote");
            }
            at++;
            byte[] bytes = new byte[text.length() - at];
            int length = 0;
            while (true) {
                int c = peek();
                if (c == '"') {
                    at++;
                    return new DisplayString(utf8(bytes, length));
                }
                if (c < 32 || c > 126) {
                    throw fault("printable ASCII or a closing quote");
                }
                at++;
                if (c == '%') {
                    c = hexDigit() << 4 | hexDigit();
                }
                bytes[length++] = (byte) c;
            }
        }

        private int hexDigit() {
            int c = peek();
            if (!isDigit(c) && !(c >= 'a' && c <= 'f')) {
                throw fault("a lower-case hex digit");
            }
            at++;
            return Character.digit(c, 16);
        }

        private String utf8(byte[] bytes, int length) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, 0, length))
                        .toString();
            } catch (CharacterCodingException e) {
                throw fault("UTF-8");
            }
        }
    }
}
