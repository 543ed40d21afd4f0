package io.intaglio.cli;

import io.intaglio.signing.Field;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says was sent: a curl command, an HTTP message as a proxy or a log shows it, or nothing but the text that was signed.
 *
 * @param method in upper case; null when this is a text alone
 * @param url whole address or the path with its query
 * @param headers in order
 * @param body null when there is none
 * @param text what was given, as it is
 */
record Sent(
        @Nullable String method,
        String url,
        List<Field> headers,
        @Nullable String body,
        String text) {

    static Sent parse(String text) {
        String stripped = text.strip();
        if (stripped.startsWith("curl ")) {
            return curl(stripped);
        }
        String first = stripped.lines().findFirst().orElse("");
        String[] words = first.split(" ", -1);
        boolean isMessage = words.length >= 2
                && words[0].matches("[A-Za-z]{3,7}")
                && (words[1].startsWith("/") || words[1].startsWith("http"))
                && (words.length == 2 || words[2].startsWith("HTTP/"));
        return isMessage ? message(stripped, words) : new Sent(null, "", List.of(), null, strip(text));
    }

    /** A text file ends in a line feed that nobody meant to sign. */
    private static String strip(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private static Sent message(String text, String[] words) {
        List<Field> headers = new ArrayList<>();
        String normal = text.replace("\r\n", "\n");
        int end = normal.indexOf("\n\n");
        String head = end < 0 ? normal : normal.substring(0, end);
        String body = end < 0 ? null : normal.substring(end + 2);
        for (String line : head.lines().skip(1).toList()) {
            header(line, headers);
        }
        return new Sent(words[0].toUpperCase(Locale.ROOT), words[1], headers, body, text);
    }

    private static void header(String line, List<Field> headers) {
        int colon = line.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("a header line of what was sent has no colon; expected 'Name: value'");
        }
        headers.add(new Field(
                line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
    }

    private static Sent curl(String text) {
        List<String> words = words(text);
        String method = null;
        String url = "";
        StringBuilder body = null;
        boolean inQuery = false;
        List<Field> headers = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            String next = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (word) {
                case "-X", "--request" -> {
                    method = next;
                    i++;
                }
                case "-H", "--header" -> {
                    header(next, headers);
                    i++;
                }
                case "-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json" -> {
                    body = body == null
                            ? new StringBuilder(next)
                            : body.append('&').append(next);
                    i++;
                }
                case "-G", "--get" -> inQuery = true;
                case "--url" -> {
                    url = next;
                    i++;
                }
                default -> {
                    if (!word.startsWith("-")) {
                        url = word;
                    }
                }
            }
        }
        if (inQuery && body != null) {
            url += (url.contains("?") ? "&" : "?") + body;
            body = null;
        }
        String assumed = method != null ? method : body == null ? "GET" : "POST";
        return new Sent(assumed.toUpperCase(Locale.ROOT), url, headers, body == null ? null : body.toString(), text);
    }

    /** Words of a POSIX shell command: quotes, backslashes, line continuations. */
    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean open = false;
        char quote = 0;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (open) {
                    words.add(word.toString());
                    word.setLength(0);
                    open = false;
                }
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
                open = true;
            } else if (quote != 0 && c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && i + 1 < command.length()) {
                i++;
                char escaped = command.charAt(i);
                if (escaped != '\n') {
                    boolean literal = quote == '"' && "\"\\$`".indexOf(escaped) < 0;
                    word.append(literal ? "\\" : "").append(escaped);
                    open = true;
                }
            } else {
                word.append(c);
                open = true;
            }
        }
        if (open) {
            words.add(word.toString());
        }
        return words;
    }

    boolean isRequest() {
        return method != null;
    }

    /** Scheme and authority, when the address has them. */
    Optional<URI> origin() {
        if (!url.startsWith("http")) {
            return header("Host").map(host -> URI.create("https://" + host));
        }
        int slash = url.indexOf('/', url.indexOf("//") + 2);
        int query = url.indexOf('?');
        int end = slash >= 0 ? slash : query >= 0 ? query : url.length();
        return Optional.of(URI.create(url.substring(0, end)));
    }

    String rawPath() {
        int from = url.startsWith("http") ? url.indexOf('/', url.indexOf("//") + 2) : 0;
        if (from < 0) {
            return "/";
        }
        int query = url.indexOf('?', from);
        return query < 0 ? url.substring(from) : url.substring(from, query);
    }

    String rawQuery() {
        int query = url.indexOf('?');
        return query < 0 ? "" : url.substring(query + 1);
    }

    Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    List<Field> queryFields() {
        return fields(rawQuery());
    }

    static List<Field> fields(String encoded) {
        List<Field> fields = new ArrayList<>();
        for (String pair : encoded.split("&", -1)) {
            int equal = pair.indexOf('=');
            if (!pair.isEmpty()) {
                fields.add(new Field(
                        decode(equal < 0 ? pair : pair.substring(0, equal)),
                        equal < 0 ? "" : decode(pair.substring(equal + 1))));
            }
        }
        return fields;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException brokenEscape) {
            return text;
        }
    }
}
