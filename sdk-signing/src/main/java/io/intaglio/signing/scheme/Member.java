package io.intaglio.signing.scheme;

import io.intaglio.signing.internal.JsonText;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A member of a JSON object that a scheme makes: a request envelope, a payload, JWT claims. See {@link Parts#json}. Immutable. */
public final class Member {
    private enum Kind {
        TEXT,
        VALUE,
        TEXT_LIST,
        BODY_MEMBERS,
        SORTED_BODY_MEMBERS
    }

    private final Kind kind;
    private final String name;
    private final Part part;
    private final Predicate<io.intaglio.signing.ApiRequest> when;

    private Member(Kind kind, String name, Part part, Predicate<io.intaglio.signing.ApiRequest> when) {
        this.kind = kind;
        this.name = name;
        this.part = part;
        this.when = when;
    }

    /** A member with text; the part's bytes are quoted and escaped. */
    public static Member text(String name, Part value) {
        return new Member(Kind.TEXT, name, value, When.always());
    }

    /** A member with a fixed text. */
    public static Member text(String name, String value) {
        return text(name, Parts.literal(value));
    }

    /** A member whose part writes JSON itself: a number, an object, true. */
    public static Member value(String name, Part value) {
        return new Member(Kind.VALUE, name, value, When.always());
    }

    /** A member with a list of one text. */
    public static Member textList(String name, Part onlyElement) {
        return new Member(Kind.TEXT_LIST, name, onlyElement, When.always());
    }

    /** All members of the caller's JSON object. */
    public static Member bodyMembers() {
        return new Member(Kind.BODY_MEMBERS, "", Parts.literal(""), When.always());
    }

    /** All members of the caller's JSON object, sorted by name; nested objects keep their order. */
    public static Member sortedBodyMembers() {
        return new Member(Kind.SORTED_BODY_MEMBERS, "", Parts.literal(""), When.always());
    }

    /** The same member, on matching requests only. */
    public Member when(Predicate<io.intaglio.signing.ApiRequest> condition) {
        return new Member(kind, name, part, condition);
    }

    boolean write(SigningInput input, ByteSink out, boolean more) {
        if (!when.test(input.request())) {
            return more;
        }
        if (kind == Kind.BODY_MEMBERS || kind == Kind.SORTED_BODY_MEMBERS) {
            boolean any = more;
            Map<?, ?> members = input.jsonMembers();
            for (Map.Entry<?, ?> member : (kind == Kind.BODY_MEMBERS ? members : new TreeMap<>(members)).entrySet()) {
                StringBuilder text = new StringBuilder();
                if (any) {
                    text.append(',');
                }
                any = true;
                JsonText.quote((String) member.getKey(), text);
                text.append(':');
                JsonText.write(member.getValue(), text);
                out.text(text.toString());
            }
            return any;
        }
        StringBuilder head = new StringBuilder(more ? "," : "");
        JsonText.quote(name, head);
        out.text(head.append(':').toString());
        if (kind == Kind.VALUE) {
            input.write(part, out);
        } else {
            ByteSink value = new ByteSink(64);
            input.write(part, value);
            StringBuilder quoted = new StringBuilder();
            JsonText.quote(value.asText(), quoted);
            out.text(kind == Kind.TEXT ? quoted.toString() : "[" + quoted + "]");
        }
        return true;
    }
}
