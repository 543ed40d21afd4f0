package io.intaglio.signing.webhook;

import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.VerificationException;
import org.jspecify.annotations.Nullable;

/**
 * Coinbase Commerce: HMAC-SHA256 of the raw body. Source: docs.cdp.coinbase.com, "Commerce, Webhooks security", which does not name the encoding;
 * hex is what its clients agree on.
 *
 * <p>The text holds no time, so a message that was seen once can be sent again: remember what you have handled. Thread-safe.
 */
public final class CommerceWebhook implements AutoCloseable {
    private final HexHmac hmac;

    private CommerceWebhook(HexHmac hmac) {
        this.hmac = hmac;
    }

    /** Checks with the secret that the platform shows for the webhook; it is used as text. */
    public static CommerceWebhook of(Secret secret) {
        return new CommerceWebhook(new HexHmac("Coinbase Commerce", secret));
    }

    /**
     * Returns when the message is genuine.
     *
     * @param signature value of header {@code X-CC-Webhook-Signature}, null when absent
     * @param body as it arrived
     * @throws VerificationException when it is not
     */
    public void verify(@Nullable String signature, byte[] body) {
        hmac.check(signature, body);
    }

    /** Wipes the key. */
    @Override
    public void close() {
        hmac.close();
    }
}
