/**
 * Checks that a webhook comes from the platform it claims to come from. Give the body's bytes exactly as they arrived, before anything parses
 * them; the text is genuine when {@code verify} returns.
 *
 * <pre>{@code
 * CdpWebhook webhook = CdpWebhook.of(Secret.fromEnv("CDP_WEBHOOK_SECRET"));
 * webhook.verify(request.header("X-Hook0-Signature"), request::header, request.bodyBytes(), Instant.now());
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package io.intaglio.signing.webhook;
