package io.intaglio.signing.scheme;

import io.intaglio.signing.Explanation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records what each part wrote while a request is signed for an explanation. Bytes of a masked part are blanked in every part around it; a
 * part that encodes or hashes a masked part is masked whole, because base64 of a secret is the secret.
 */
final class Trace {
    private static final class Frame {
        private final ByteSink sink;
        private final int start;
        private final List<int[]> maskedRanges = new ArrayList<>(0);
        private boolean masked;

        Frame(ByteSink sink, boolean masked) {
            this.sink = sink;
            this.start = sink.size();
            this.masked = masked;
        }
    }

    private final List<Explanation.@Nullable Step> steps = new ArrayList<>();
    private final Deque<Frame> open = new ArrayDeque<>();
    private Explanation.Phase phase = Explanation.Phase.STAMP;
    private int lastTop = -1;

    void phase(Explanation.Phase next) {
        phase = next;
    }

    void part(Part part, SigningInput input, ByteSink out) {
        int at = steps.size();
        steps.add(null);
        int depth = open.size();
        Frame frame = new Frame(out, part instanceof Parts.Masked);
        open.push(frame);
        part.write(input, out);
        open.pop();
        Frame parent = open.peek();
        if (parent != null) {
            if (parent.sink != out) {
                parent.masked |= frame.masked || !frame.maskedRanges.isEmpty();
            } else if (frame.masked) {
                parent.maskedRanges.add(new int[] {frame.start, out.size()});
            } else {
                parent.maskedRanges.addAll(frame.maskedRanges);
            }
        }
        String text =
                part instanceof Parts.RawSignature ? "[" + (out.size() - frame.start) + " bytes]" : show(frame, out);
        steps.set(at, new Explanation.Step(phase, depth, part.label(), "", text));
        if (depth == 0) {
            lastTop = at;
        }
    }

    private static String show(Frame frame, ByteSink out) {
        if (frame.masked) {
            return "[masked, " + (out.size() - frame.start) + " bytes]";
        }
        StringBuilder text = new StringBuilder();
        int from = frame.start;
        for (int[] range : frame.maskedRanges) {
            text.append(Explanation.show(Arrays.copyOfRange(out.array(), from, range[0])));
            text.append("[masked, ").append(range[1] - range[0]).append(" bytes]");
            from = range[1];
        }
        return text.append(Explanation.show(Arrays.copyOfRange(out.array(), from, out.size())))
                .toString();
    }

    void placed(Place place) {
        Explanation.Step step = lastTop < 0 ? null : steps.get(lastTop);
        if (step != null) {
            steps.set(
                    lastTop,
                    new Explanation.Step(step.phase(), step.depth(), step.part(), place.toString(), step.text()));
        }
    }

    /** All steps, with the signature and the key id shortened. */
    List<Explanation.Step> steps(String keyId, String shortKeyId, String signature) {
        List<Explanation.Step> shown = new ArrayList<>(steps.size());
        for (Explanation.Step step : steps) {
            if (step != null) {
                String text = shorten(step.text(), keyId, shortKeyId, signature);
                shown.add(new Explanation.Step(step.phase(), step.depth(), step.part(), step.place(), text));
            }
        }
        return shown;
    }

    static String shorten(String text, String keyId, String shortKeyId, String signature) {
        String shown = keyId.length() < 12 ? text : text.replace(keyId, shortKeyId);
        if (signature.length() < 24) {
            return shown;
        }
        return shown.replace(signature, signature.substring(0, 8) + "...");
    }
}
