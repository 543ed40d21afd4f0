package io.intaglio.client.internal.share;

/** One count's part in the count of all processes. The budget's lock is held around every method. */
public interface SharedCount {

    /**
     * Nanoseconds after which to ask again whether there is room; 0 when there is now.
     *
     * @param units of the call
     * @param ahead units of calls that go first
     * @param reserve units to be left to calls of higher priority
     * @param untilEmptier nanoseconds until this process' own count falls
     */
    long waitFor(long units, long ahead, long reserve, long untilEmptier, long ticks);

    /** A call goes out for which {@link #waitFor} said 0. */
    void taken(long units, long ticks);

    /** A call that was let out was not sent. */
    void back(long units, long ticks);

    /**
     * The venue told its count.
     *
     * @param used units, by all
     * @param admittedTicks when the call was let out that it answered
     */
    void told(long used, long admittedTicks, long ticks);

    /** The venue told how much fits in. */
    void capacityTold(long units);

    /** A refusal has taught that less fits in. */
    void learnt(long units);
}
