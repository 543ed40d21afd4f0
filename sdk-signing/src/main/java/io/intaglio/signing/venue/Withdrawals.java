package io.intaglio.signing.venue;

import io.intaglio.signing.ApiRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * By which calls money leaves an account at a venue, and where such a call says to whom. Paths are compared without regard to letter case.
 * Immutable and thread-safe.
 */
public final class Withdrawals {
    private final List<CallPattern> calls;
    private final List<FieldPath> addresses;
    private final List<FieldPath> tags;
    private final Predicate<ApiRequest> isReadable;

    private Withdrawals(
            List<CallPattern> calls,
            List<FieldPath> addresses,
            List<FieldPath> tags,
            Predicate<ApiRequest> isReadable) {
        this.calls = calls;
        this.addresses = addresses;
        this.tags = tags;
        this.isReadable = isReadable;
    }

    /** These calls; see {@link CallPattern}. */
    public static Withdrawals by(String... calls) {
        return new Withdrawals(
                Stream.of(calls).map(CallPattern::ofAnyCase).toList(), List.of(), List.of(), request -> true);
    }

    /** The fields that name a destination; a call may give any of them. */
    public Withdrawals to(String... fields) {
        return new Withdrawals(calls, paths(fields), tags, isReadable);
    }

    /** The fields that say to whom at the address: memo, destination tag. */
    public Withdrawals tagged(String... fields) {
        return new Withdrawals(calls, addresses, paths(fields), isReadable);
    }

    /** Where the fields do not always tell the destination: when they do. */
    public Withdrawals readableWhen(Predicate<ApiRequest> when) {
        return new Withdrawals(calls, addresses, tags, when);
    }

    private static List<FieldPath> paths(String... fields) {
        return Stream.of(fields).map(FieldPath::of).toList();
    }

    boolean matches(ApiRequest request) {
        // asked of every call, so without a stream
        for (CallPattern call : calls) {
            if (call.matches(request)) {
                return true;
            }
        }
        return false;
    }

    /**
     * All destinations that the call names, each with its tag after a colon when it has one.
     *
     * @throws IllegalArgumentException when they cannot be told for certain
     */
    public List<String> destinations(ApiRequest request) {
        if (!isReadable.test(request)) {
            throw new IllegalArgumentException("where it sends to is not told by its fields");
        }
        List<String> found = new ArrayList<>();
        addresses.forEach(path -> found.addAll(path.valuesIn(request)));
        List<String> notes = new ArrayList<>();
        tags.forEach(path -> notes.addAll(path.valuesIn(request)));
        notes.removeIf(String::isEmpty);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("it names no destination in " + addresses);
        }
        if (notes.isEmpty()) {
            return found;
        }
        if (found.size() > 1 || notes.size() > 1) {
            throw new IllegalArgumentException("which of its tags goes with which destination is not known");
        }
        return List.of(found.get(0) + ":" + notes.get(0));
    }
}
