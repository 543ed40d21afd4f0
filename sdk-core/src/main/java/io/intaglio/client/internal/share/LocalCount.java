package io.intaglio.client.internal.share;

import io.intaglio.signing.venue.Limit;
import java.util.concurrent.locks.ReentrantLock;

/** The count of this process. The budget's lock has to be held around every method but the first four. */
public interface LocalCount {
    /** The budget's. */
    ReentrantLock lock();

    /** Of the venue; calls of one address and lock may be settled together. */
    String address();

    /** Tells it from every other count of the address. May hold a key id or a symbol, so it is not to be shown or stored. */
    String id();

    /** What is counted. */
    Limit limit();

    /** Number of the window, for aligned limits; else 0. */
    long window();

    /** Units of ended calls that still count; of an aligned limit those of the window. */
    long counted();

    /** Of the counted, those of an aligned window that the venue may count in the next. */
    long late();

    /** Units of calls under way. */
    long pending();

    /** Units of all ended calls, ever. */
    long total();

    /** Units of ended calls within the past period, whichever the kind. */
    long recent();

    /** Units that fit in, as far as this process knows. */
    long capacity();

    /** Another process was told how much fits in. */
    void capacityTold(long units);
}
