package io.intaglio.fleet;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How what a fleet keeps is called in Redis. All of a fleet has one hash tag, so that in a Cluster one script reaches all of it.
 *
 * @param fleet its name
 */
record Names(String fleet) {
    Names {
        if (!fleet.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "the name of a fleet has 1 to 64 letters, digits, dots, dashes and underscores, was '" + fleet
                            + "'");
        }
    }

    private String of(String rest) {
        return "intaglio:{" + fleet + "}:" + rest;
    }

    String nonces(String venue, String keyId) {
        return of("nonce:" + fingerprint(venue + '\n' + keyId));
    }

    String turn(String venue, String keyId) {
        return of("turn:" + fingerprint(venue + '\n' + keyId));
    }

    String members() {
        return of("members");
    }

    String channel() {
        return of("news");
    }

    String stop() {
        return of("stop");
    }

    String closures() {
        return of("closures");
    }

    String limits() {
        return of("limits");
    }

    String limit(String id) {
        return of("limit:" + id);
    }

    String slots(String id) {
        return of("slots:" + id);
    }

    /** Tells things apart and leads back to none: 64 bits of SHA-256. */
    static String fingerprint(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
