package io.intaglio.signing.scheme;

import io.intaglio.signing.SigningException;
import io.intaglio.signing.internal.Percent;

/**
 * How names and values become URL text. Immutable; {@link #STRICT} is right unless the venue says otherwise.
 */
public final class UrlEncoding {
    /** RFC 3986: all but {@code A-Za-z0-9-._~} as upper-case percent escapes of UTF-8, space as {@code %20}. */
    public static final UrlEncoding STRICT = new UrlEncoding(Percent.unreserved(""), "%20", true);

    /** As {@link #STRICT}, but with space as {@code +} (HTML forms). */
    public static final UrlEncoding FORM = new UrlEncoding(Percent.unreserved(""), "+", true);

    /**
     * What may stand in a query stays as it is, {@code %} included, so text that is already escaped passes unchanged; only what no URL may
     * hold, and {@code &}, {@code #} and {@code +}, is escaped.
     */
    public static final UrlEncoding LEGAL = new UrlEncoding(Percent.unreserved("%!$'()*,;:@/?="), "%20", true);

    /** Nothing is escaped: for pre-hashes over plain text. Never for what is sent. */
    public static final UrlEncoding NONE = new UrlEncoding(Percent.everything(), " ", false);

    private final boolean[] plain;
    private final String space;
    private final boolean escapesNonAscii;
    private final boolean encodesNames;

    private UrlEncoding(boolean[] plain, String space, boolean escapesNonAscii) {
        this(plain, space, escapesNonAscii, true);
    }

    private UrlEncoding(boolean[] plain, String space, boolean escapesNonAscii, boolean encodesNames) {
        this.plain = plain;
        this.space = space;
        this.escapesNonAscii = escapesNonAscii;
        this.encodesNames = encodesNames;
    }

    /** The same, but these characters stay as they are. */
    public UrlEncoding keeping(String characters) {
        boolean[] more = plain.clone();
        for (int i = 0; i < characters.length(); i++) {
            more[characters.charAt(i)] = true;
        }
        return new UrlEncoding(more, space, escapesNonAscii, encodesNames);
    }

    /** The same, but these characters are escaped. */
    public UrlEncoding escaping(String characters) {
        boolean[] fewer = plain.clone();
        for (int i = 0; i < characters.length(); i++) {
            fewer[characters.charAt(i)] = false;
        }
        return new UrlEncoding(fewer, space, escapesNonAscii, encodesNames);
    }

    /** The same, but field names keep brackets, as in {@code close[price]=1}; values are still encoded. */
    public UrlEncoding withPlainNames() {
        return new UrlEncoding(plain, space, escapesNonAscii, false);
    }

    boolean writesSpaceAsPlus() {
        return space.equals("+");
    }

    void writeName(String name, ByteSink out) {
        if (encodesNames) {
            write(name, out);
        } else {
            Percent.checkName(name);
            out.text(name);
        }
    }

    void write(String text, ByteSink out) {
        int length = text.length();
        int start = out.reserve(length);
        byte[] bytes = out.array();
        int i = 0;
        for (; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 128 || !plain[c]) {
                break;
            }
            bytes[start + i] = (byte) c;
        }
        out.advance(i);
        while (i < length) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c < 128 && plain[c]) {
                out.write(c);
            } else if (c == ' ') {
                out.text(space);
            } else if (c < 128 || escapesNonAscii) {
                escape(c, out);
            } else {
                out.text(Character.toString(c));
            }
        }
    }

    /** Whether none of the bytes from here on would be written otherwise. */
    boolean leavesPlain(ByteSink text, int from) {
        byte[] bytes = text.array();
        for (int i = from; i < text.size(); i++) {
            if (bytes[i] < 0 || !plain[bytes[i]]) {
                return false;
            }
        }
        return true;
    }

    private static void escape(int c, ByteSink out) {
        if (c >= 0xd800 && c <= 0xdfff) {
            throw new SigningException("a field holds half of a surrogate pair (U+" + Integer.toHexString(c)
                    + "), which has no UTF-8 form; give whole characters");
        }
        int start = out.size();
        out.text(Character.toString(c));
        int length = out.size() - start;
        byte[] raw = java.util.Arrays.copyOfRange(out.array(), start, out.size());
        out.truncate(start);
        for (int i = 0; i < length; i++) {
            out.write('%');
            out.write(Percent.digit(raw[i] >> 4 & 15));
            out.write(Percent.digit(raw[i] & 15));
        }
    }
}
