package io.intaglio.signing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a request was signed: every part, its bytes, where it was placed, and the pre-hash, with secrets masked and the signature and the key
 * id shortened. Compare it with the venue's documentation line by line. Readable with {@link #toString()}, as data with {@link #asMap()}.
 * Immutable and thread-safe.
 */
public final class Explanation {

    /** The three steps of a scheme. */
    public enum Phase {
        /** Values set before signing, which the pre-hash covers. */
        STAMP,
        /** The bytes handed to the key. */
        PRE_HASH,
        /** Values added after signing. */
        ATTACH
    }

    /**
     * One part.
     *
     * @param phase which step of the scheme it belongs to
     * @param depth 0 for a step's own part, more for parts inside it
     * @param part what the part is
     * @param place where its value went; empty for parts of the pre-hash and for inner parts
     * @param text its bytes: text as it is with control characters escaped, other bytes as {@code 0x} hex, secrets as {@code [masked]}
     */
    public record Step(Phase phase, int depth, String part, String place, String text) {}

    private final String scheme;
    private final String algorithm;
    private final List<Step> steps;
    private final String preHash;
    private final String request;

    private Explanation(String scheme, String algorithm, List<Step> steps, String preHash, String request) {
        this.scheme = scheme;
        this.algorithm = algorithm;
        this.steps = List.copyOf(steps);
        this.preHash = preHash;
        this.request = request;
    }

    /** Puts an explanation together. For schemes. */
    public static Explanation of(String scheme, String algorithm, List<Step> steps, String preHash, String request) {
        return new Explanation(scheme, algorithm, steps, preHash, request);
    }

    /** What can be told of a scheme that does not consist of parts: the request line and the pre-hash. */
    static Explanation of(SignedRequest signed) {
        return new Explanation("custom", "", List.of(), show(signed.preHash()), signed.toString());
    }

    /** Name of the scheme. */
    public String scheme() {
        return scheme;
    }

    /** Name of the signature algorithm, empty when nothing was signed. */
    public String algorithm() {
        return algorithm;
    }

    /** Every part in order. */
    public List<Step> steps() {
        return steps;
    }

    /** The bytes handed to the key, shown as in {@link Step}, the parts that are secret masked. */
    public String preHash() {
        return preHash;
    }

    /** For machines: plain maps, lists and text in a fixed order. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("scheme", scheme);
        map.put("algorithm", algorithm);
        map.put("request", request);
        List<Map<String, Object>> list = new ArrayList<>();
        for (Step step : steps) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("phase", step.phase().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            entry.put("depth", step.depth());
            entry.put("part", step.part());
            entry.put("place", step.place());
            entry.put("text", step.text());
            list.add(entry);
        }
        map.put("steps", list);
        map.put("preHash", preHash);
        return map;
    }

    /** Bytes for a reader: printable UTF-8 as text with control characters escaped, anything else as {@code 0x} hex. */
    public static String show(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            StringBuilder safe = new StringBuilder(text.length());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\n') {
                    safe.append("\\n");
                } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                    safe.append("\\u").append(Integer.toHexString(0x10000 | c).substring(1));
                } else {
                    safe.append(c);
                }
            }
            return safe.toString();
        } catch (CharacterCodingException e) {
            return "0x" + io.intaglio.signing.internal.Codecs.hex(bytes);
        }
    }

    /** A table: one line a part, indented by nesting. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(512);
        out.append("scheme     ").append(scheme).append('\n');
        out.append("algorithm  ")
                .append(algorithm.isEmpty() ? "none" : algorithm)
                .append('\n');
        out.append("request    ").append(request).append('\n');
        int width = 4;
        for (Step step : steps) {
            width = Math.max(width, step.depth() * 2 + step.part().length());
        }
        width = Math.min(width, 40);
        Phase phase = null;
        for (Step step : steps) {
            if (step.phase() != phase) {
                phase = step.phase();
                out.append(phase.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .append('\n');
            }
            String part = "  ".repeat(step.depth()) + step.part();
            out.append("  ").append(part).append(" ".repeat(Math.max(1, width + 2 - part.length())));
            out.append(step.text().isEmpty() ? "(empty)" : step.text());
            if (!step.place().isEmpty()) {
                out.append("   -> ").append(step.place());
            }
            out.append('\n');
        }
        out.append("signed     ")
                .append(preHash.isEmpty() ? "(nothing)" : preHash)
                .append('\n');
        return out.toString();
    }
}
