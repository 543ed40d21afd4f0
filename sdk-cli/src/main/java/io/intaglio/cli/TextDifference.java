package io.intaglio.cli;

import io.intaglio.signing.Explanation;
import io.intaglio.signing.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What differs between two texts that should be one: the pre-hash we make and the one that somebody else made. */
final class TextDifference {
    private TextDifference() {}

    /** What differs, the likely cause first; empty when the texts are equal. */
    static List<String> between(String ours, String theirs) {
        List<String> found = new ArrayList<>();
        if (ours.equals(theirs)) {
            return found;
        }
        String cause = cause(ours, theirs);
        if (cause != null) {
            found.add(cause);
        }
        int at = 0;
        while (at < Math.min(ours.length(), theirs.length()) && ours.charAt(at) == theirs.charAt(at)) {
            at++;
        }
        found.add("the texts part at character " + (at + 1) + ": expected " + around(ours, at) + ", seen "
                + around(theirs, at));
        return found;
    }

    private static String around(String text, int at) {
        if (at >= text.length()) {
            return "the end";
        }
        String piece = text.substring(at, Math.min(text.length(), at + 32));
        return "'" + Explanation.show(piece.getBytes(StandardCharsets.UTF_8)) + "'";
    }

    private static @Nullable String cause(String ours, String theirs) {
        if (theirs.strip().equals(ours.strip())) {
            return "blanks or a line feed at the beginning or end";
        }
        if (theirs.equalsIgnoreCase(ours)) {
            return "letter case: look at the method and at hex digits";
        }
        if (theirs.replace("\n", "").replace("\r", "").equals(ours.replace("\n", ""))) {
            return "line feeds between the parts";
        }
        if (theirs.replace("?", "").equals(ours.replace("?", ""))) {
            return "the question mark before the query";
        }
        if (decoded(theirs).equals(decoded(ours))) {
            return "percent-encoding: one text is encoded where the other is not";
        }
        String seconds = ours.replaceFirst("([0-9]{10})[0-9]{3}", "$1");
        if (theirs.equals(seconds)) {
            return "the time is in seconds where the venue wants milliseconds";
        }
        if (theirs.replaceFirst("([0-9]{10})[0-9]{3}", "$1").equals(ours)) {
            return "the time is in milliseconds where the venue wants seconds";
        }
        int query = ours.indexOf('?');
        if (query >= 0 && theirs.equals(withoutQuery(ours))) {
            return "the query is missing";
        }
        List<Field> left = Sent.fields(ours);
        List<Field> right = Sent.fields(theirs);
        if (left.size() > 1 && left.size() == right.size() && Set.copyOf(left).equals(Set.copyOf(right))) {
            return "the same fields in another order";
        }
        int ourBody = json(ours);
        int theirBody = json(theirs);
        if (ourBody >= 0 && theirBody >= 0 && sameJson(ours.substring(ourBody), theirs.substring(theirBody))) {
            return "the JSON body is the same value in other words: it was serialised again, sign the bytes that are sent";
        }
        if (ourBody > 0 && theirs.equals(ours.substring(0, ourBody))) {
            return "the body is missing";
        }
        return null;
    }

    private static String withoutQuery(String text) {
        return text.replaceFirst("\\?[^\\n{]*", "");
    }

    private static int json(String text) {
        return text.indexOf('{');
    }

    private static boolean sameJson(String left, String right) {
        try {
            return Objects.equals(Json.value(left, "left"), Json.value(right, "right"));
        } catch (IllegalArgumentException notJson) {
            return false;
        }
    }

    private static String decoded(String text) {
        try {
            return java.net.URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException brokenEscape) {
            return text;
        }
    }
}
