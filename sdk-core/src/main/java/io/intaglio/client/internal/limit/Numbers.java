package io.intaglio.client.internal.limit;

/** Numbers in headers. */
public final class Numbers {
    private Numbers() {}

    /** A whole number that is not negative; -1 for any other text. */
    public static long whole(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > 15) {
            return -1;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.parseLong(digits);
    }
}
