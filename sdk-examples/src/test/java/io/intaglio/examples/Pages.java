package io.intaglio.examples;

import static org.assertj.core.api.Assertions.assertThat;

/** Reads the documents. */
final class Pages {
    private Pages() {}

    /** The first block of code in this language. */
    static String block(String page, String language) {
        String fence = "```" + language + "\n";
        int from = page.indexOf(fence);
        assertThat(from).as("a block of " + language).isNotNegative();
        return page.substring(from + fence.length(), page.indexOf("```", from + fence.length()));
    }
}
