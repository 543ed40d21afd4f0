package io.intaglio.client.internal.pipeline;

import io.intaglio.client.PendingOrder;

/** Where orders are written down before they are sent, until their outcome is certain. */
public interface OrderLog {
    /** Before the first byte of each attempt; throws {@link java.io.UncheckedIOException} when it could not be written. */
    void begin(PendingOrder order);

    /** Once nothing is uncertain any more. */
    void end(String clientOrderId, String as);

    /** Writes nothing. */
    OrderLog NONE = new OrderLog() {
        @Override
        public void begin(PendingOrder order) {}

        @Override
        public void end(String clientOrderId, String as) {}
    };
}
