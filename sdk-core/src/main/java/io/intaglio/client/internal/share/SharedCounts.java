package io.intaglio.client.internal.share;

/** Where the counts of several processes are kept together. Thread-safe; every method is quick, since the budget's lock is held. */
public interface SharedCounts {

    /** From now on this count is a part of one that others have too. */
    SharedCount join(LocalCount count);

    /**
     * From now on whoever shares this hears when nobody may send.
     *
     * @param address of the venue
     * @param sharer an address, key or account; may hold a key id
     * @param hearer told when another process was asked to wait; not under the budget's lock
     */
    Closing closing(String address, String sharer, Closing hearer);

    /** Nobody may send for a while. */
    @FunctionalInterface
    interface Closing {
        /**
         * The venue has said so.
         *
         * @param nanos for how long, from now
         * @param ban whether it locks out
         */
        void closed(long nanos, boolean ban);
    }
}
