package io.intaglio.client.internal.limit;

import io.intaglio.signing.venue.Limit;

/**
 * The venue counts more than our calls can explain.
 *
 * @param units that none of our calls can explain
 * @param capacity of the limit now
 */
public record Moved(Limit limit, long units, long capacity) {}
