package io.intaglio.client.internal.pipeline;

import io.intaglio.client.PendingOrder;
import org.jspecify.annotations.Nullable;

/** Where orders are written down before they are sent, until their outcome is certain. */
public interface OrderLog {
    /**
     * Before the first byte of each attempt; throws {@link java.io.UncheckedIOException} when it could not be written.
     *
     * @return what was pending under this id: of an earlier attempt, of another call, or null
     */
    @Nullable
    PendingOrder begin(PendingOrder order);

    /** Once nothing is uncertain any more. */
    void end(String clientOrderId, String as);

    /** This copy of an order has had no effect: it is pending no more, unless another call has begun one of the same id since. */
    void notExecuted(PendingOrder order);

    /** Writes nothing. */
    OrderLog NONE = new OrderLog() {
        @Override
        public @Nullable PendingOrder begin(PendingOrder order) {
            return null;
        }

        @Override
        public void end(String clientOrderId, String as) {}

        @Override
        public void notExecuted(PendingOrder order) {}
    };
}
