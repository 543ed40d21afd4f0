package io.intaglio.signing.venue;

import io.intaglio.signing.ApiRequest;
import java.util.List;
import java.util.Map;

/**
 * How a venue tells its limits: a public question, whose answer lists them. Immutable and thread-safe.
 *
 * @param question cheap, if the venue has a cheap form of it
 * @param listAt JSON pointer (RFC 6901) of the list
 * @param kindFields fields of an entry that together, joined by spaces, say which limit it is about: {@code REQUEST_WEIGHT MINUTE 1}
 * @param capacityField the field of an entry that says how much fits in
 * @param names by what the kind fields say, the {@linkplain Limit#name() name} of our limit
 */
public record PublishedLimits(
        ApiRequest question, String listAt, List<String> kindFields, String capacityField, Map<String, String> names) {
    /** Copies. */
    public PublishedLimits {
        kindFields = List.copyOf(kindFields);
        names = Map.copyOf(names);
    }
}
