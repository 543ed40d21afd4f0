package io.intaglio.client.profile;

import java.util.Collection;

/** Finds what was probably meant. */
final class Nearest {
    private Nearest() {}

    /** The candidate that the fewest edits make of the text; candidates are not empty. */
    static String to(String text, Collection<String> candidates) {
        String nearest = "";
        int best = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(text.replace('_', '-'), candidate);
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
