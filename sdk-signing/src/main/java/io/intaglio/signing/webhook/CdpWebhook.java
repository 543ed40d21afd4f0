package io.intaglio.signing.webhook;

import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.VerificationException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Coinbase Developer Platform: header {@code X-Hook0-Signature} holds a time in seconds ({@code t}), names of signed headers ({@code h}, separated
 * by blanks) and the HMAC-SHA256 ({@code v1}, hex) of time, names, values of those headers and body, a dot between each. Messages older than five
 * minutes are refused, as the platform advises; within that time a message can be sent again, so remember what you have handled. Thread-safe.
 *
 * <p>Source: docs.cdp.coinbase.com, "Webhooks, Verify signatures". A {@code v0} beside {@code v1} is not read.
 */
public final class CdpWebhook implements AutoCloseable {
    private static final Duration MAX_AGE = Duration.ofMinutes(5);
    private static final Duration MAX_AHEAD = Duration.ofMinutes(1);

    private final HexHmac hmac;

    private CdpWebhook(HexHmac hmac) {
        this.hmac = hmac;
    }

    /** Checks with the secret of the subscription; it is used as text. */
    public static CdpWebhook of(Secret secret) {
        return new CdpWebhook(new HexHmac("Coinbase CDP", secret));
    }

    /**
     * Returns when the message is genuine and fresh.
     *
     * @param signature value of header {@code X-Hook0-Signature}, null when absent
     * @param headers gives a header's value by its name in any letter case, or null
     * @param body as it arrived
     * @param now on a good clock
     * @throws VerificationException when it is not
     */
    public void verify(
            @Nullable String signature, Function<String, @Nullable String> headers, byte[] body, Instant now) {
        Map<String, String> parts = parts(signature);
        String time = parts.getOrDefault("t", "");
        String names = parts.getOrDefault("h", "");
        if (!time.matches("[0-9]{1,12}")) {
            throw new VerificationException("Coinbase CDP webhook has no time in its signature; refuse it");
        }
        StringBuilder head = new StringBuilder(time).append('.').append(names).append('.');
        String dot = "";
        for (String name : names.split(" ", -1)) {
            String value = headers.apply(name);
            head.append(dot).append(value == null ? "" : value);
            dot = ".";
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(head.append('.').toString().getBytes(StandardCharsets.UTF_8));
        text.writeBytes(body);
        hmac.check(parts.get("v1"), text.toByteArray());
        Instant sent = Instant.ofEpochSecond(Long.parseLong(time));
        if (sent.isBefore(now.minus(MAX_AGE)) || sent.isAfter(now.plus(MAX_AHEAD))) {
            throw new VerificationException("Coinbase CDP webhook was sent at " + sent + ", but it is " + now
                    + "; a message more than five minutes old or a minute ahead is refused");
        }
    }

    private static Map<String, String> parts(@Nullable String signature) {
        Map<String, String> parts = new HashMap<>();
        for (String part : signature == null ? new String[0] : signature.split(",", -1)) {
            int equal = part.indexOf('=');
            if (equal > 0 && parts.put(part.substring(0, equal).strip(), part.substring(equal + 1)) != null) {
                throw new VerificationException("Coinbase CDP webhook has a part twice in its signature; refuse it");
            }
        }
        return parts;
    }

    /** Wipes the key. */
    @Override
    public void close() {
        hmac.close();
    }
}
