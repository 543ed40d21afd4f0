package io.intaglio.signing.webhook;

import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.VerificationException;
import org.jspecify.annotations.Nullable;

/**
 * BitGo wallet and enterprise notifications: HMAC-SHA256 of the raw body with the webhook secret. Source: developers.bitgo.com, "Webhooks overview"
 * (header and algorithm); that the text is the raw body and the encoding hex is unconfirmed. Policy webhooks carry a JWT instead and are not checked
 * here.
 *
 * <p>The text holds no time, so a message that was seen once can be sent again: remember what you have handled. Thread-safe.
 */
public final class BitGoWebhook implements AutoCloseable {
    private final HexHmac hmac;

    private BitGoWebhook(HexHmac hmac) {
        this.hmac = hmac;
    }

    /** Checks with the secret that the platform shows for the webhook; it is used as text. */
    public static BitGoWebhook of(Secret secret) {
        return new BitGoWebhook(new HexHmac("BitGo", secret));
    }

    /**
     * Returns when the message is genuine.
     *
     * @param signature value of header {@code x-signature-sha256}, null when absent
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
