package io.intaglio.benchmarks;

import io.intaglio.signing.SignedRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Refuses to measure two things that do not do the same. */
final class Same {
    private Same() {}

    static void check(String what, byte[] wanted, byte[] seen) {
        if (!Arrays.equals(wanted, seen)) {
            throw new IllegalStateException(what + " gives '" + new String(seen, StandardCharsets.UTF_8)
                    + "', but the others '" + new String(wanted, StandardCharsets.UTF_8) + "'");
        }
    }

    static void check(String what, String wanted, String seen) {
        check(what, wanted.getBytes(StandardCharsets.UTF_8), seen.getBytes(StandardCharsets.UTF_8));
    }

    static void check(String what, ByHand.Headers wanted, ByHand.Headers seen) {
        check(what + ", body", wanted.body(), seen.body());
        check(what + ", timestamp", wanted.timestamp(), seen.timestamp());
        check(what + ", signature", wanted.signature(), seen.signature());
    }

    static void check(String what, ByHand.Headers wanted, SignedRequest seen) {
        check(what + ", key", Orders.KEY_ID, seen.header("CB-ACCESS-KEY").orElse(""));
        check(
                what + ", passphrase",
                Orders.PASSPHRASE,
                seen.header("CB-ACCESS-PASSPHRASE").orElse(""));
        check(
                what,
                wanted,
                new ByHand.Headers(
                        seen.body(),
                        seen.header("CB-ACCESS-TIMESTAMP").orElse(""),
                        seen.header("CB-ACCESS-SIGN").orElse("")));
    }
}
