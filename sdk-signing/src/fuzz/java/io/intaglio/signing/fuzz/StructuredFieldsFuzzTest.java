package io.intaglio.signing.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.intaglio.signing.internal.StructuredFields;
import java.util.List;

/** Structured fields (RFC 9651): any text is read, and then written and read again to the same, or refused by the declared exception. */
class StructuredFieldsFuzzTest {
    @FuzzTest(maxDuration = "5m")
    void parse_anyText_isReadOrRefused(FuzzedDataProvider data) {
        int kind = data.consumeInt(0, 3);
        String text = data.consumeRemainingAsString();
        String first;
        try {
            first = written(kind, text);
        } catch (IllegalArgumentException refused) {
            return;
        }
        String second = written(kind, first);
        if (!first.equals(second)) {
            throw new IllegalStateException("written as " + first + ", read again and written as " + second);
        }
    }

    private static String written(int kind, String text) {
        return switch (kind) {
            case 0 -> StructuredFields.write(List.of(StructuredFields.item(text)));
            case 1 -> StructuredFields.write(StructuredFields.list(text));
            case 2 -> StructuredFields.write(StructuredFields.dictionary(text));
            default -> StructuredFields.write(StructuredFields.unambiguousDictionary(text));
        };
    }
}
