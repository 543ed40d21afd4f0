package io.intaglio.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * How a fleet stands: who is there, what they hold and use of each limit, who may not send, and whether all is stopped. Immutable.
 *
 * @param fleet its name
 * @param stopped why everything that acts is stopped; empty when it is not
 * @param members those heard of within the past hour, by name
 * @param limits those used within the past day, by venue and name
 * @param closures of which the venue has said that nobody may send
 */
public record FleetStatus(
        String fleet, Optional<String> stopped, List<Member> members, List<LimitState> limits, List<Closure> closures) {
    private static final Script STATUS = Script.named("status");
    private static final Script LIMITS = Script.named("limits");

    /** Copies. */
    public FleetStatus {
        members = List.copyOf(members);
        limits = List.copyOf(limits);
        closures = List.copyOf(closures);
    }

    /**
     * A process.
     *
     * @param id made anew at each start
     * @param name as it was given
     * @param safeShare of each limit that it may use without Redis
     * @param silentFor how long ago it was last heard
     * @param isAlive whether it was heard within its term
     */
    public record Member(String id, String name, double safeShare, Duration silentFor, boolean isAlive) {}

    /**
     * A limit.
     *
     * @param venue whose
     * @param limit its name
     * @param scope who shares it: ip, key or account
     * @param capacity units that fit in
     * @param used units that count now, as far as the members have said
     * @param held units that members were granted and have not used, calls under way included
     * @param strangers units that the venue told and no member used; negative where a member that is gone used less than it held
     * @param isRecovering whether Redis has lost its data and grants nothing yet, so that members keep to their safe shares
     * @param shares what each member used in the past period and holds, by the id of the member
     */
    public record LimitState(
            String venue,
            String limit,
            String scope,
            long capacity,
            long used,
            long held,
            long strangers,
            boolean isRecovering,
            Map<String, Share> shares) {
        /** Copies. */
        public LimitState {
            shares = Map.copyOf(shares);
        }
    }

    /**
     * A member's part in a limit.
     *
     * @param used units of the past period
     * @param held units granted and not used, calls under way included
     */
    public record Share(long used, long held) {}

    /**
     * Nobody may send.
     *
     * @param venue that said so
     * @param isBan whether it locks out
     * @param left for how long
     */
    public record Closure(String venue, boolean isBan, Duration left) {}

    /**
     * Reads it. Changes nothing and is no member.
     *
     * @throws IllegalStateException when Redis cannot be reached or does not let us in
     */
    public static FleetStatus of(String fleet, RedisAddress redis) {
        Names names = new Names(fleet);
        try (Link link = new Link(redis, names.channel(), (channel, text) -> {})) {
            link.connect();
            return read(names, link);
        } catch (CompletionException | io.lettuce.core.RedisException e) {
            throw new IllegalStateException(
                    "the Redis of fleet '" + fleet + "' at " + redis + " cannot be asked: " + Fleet.causes(e), e);
        }
    }

    static FleetStatus read(Names names, Link link) {
        List<Object> told = link.run(
                        STATUS, List.of(names.members(), names.stop(), names.closures(), names.limits()), List.of())
                .join();
        Reader reader = new Reader(told);
        long now = Long.parseLong(reader.next());
        String stopped = reader.next();
        List<Member> members = new ArrayList<>();
        reader.entries().forEach((id, text) -> members.add(member(id, text, now)));
        members.sort(Comparator.comparing(Member::name).thenComparing(Member::id));
        List<Closure> closures = new ArrayList<>();
        reader.entries().forEach((whose, text) -> {
            String[] words = text.split(" ", 3);
            long left = Long.parseLong(words[0]) - now;
            if (left > 0) {
                closures.add(new Closure(words[2], words[1].equals("1"), Duration.ofNanos(left * 1000)));
            }
        });
        List<Map.Entry<String, String>> named = new ArrayList<>(reader.entries().entrySet());
        named.sort(Map.Entry.comparingByValue());
        List<LimitState> limits = new ArrayList<>();
        if (!named.isEmpty()) {
            Reader found = new Reader(link.run(
                            LIMITS,
                            named.stream()
                                    .map(entry -> names.limit(entry.getKey()))
                                    .toList(),
                            List.of())
                    .join());
            for (Map.Entry<String, String> entry : named) {
                Map<String, String> fields = found.entries();
                if (!fields.isEmpty()) {
                    limits.add(limit(entry.getValue(), fields));
                }
            }
        }
        return new FleetStatus(
                names.fleet(), stopped.isEmpty() ? Optional.empty() : Optional.of(stopped), members, limits, closures);
    }

    private static Member member(String id, String text, long now) {
        String[] words = text.split(" ", 4);
        long seen = Long.parseLong(words[0]);
        return new Member(
                id,
                words[3],
                Double.parseDouble(words[2]),
                Duration.ofNanos(Math.max(0, now - seen) * 1000),
                Long.parseLong(words[1]) >= now);
    }

    private static LimitState limit(String name, Map<String, String> fields) {
        String[] words = name.split("\t", 4);
        boolean aligned = words[2].equals("aligned");
        long window = number(fields, "window");
        long used = words[2].equals("rolling") ? number(fields, "sum") : number(fields, "level");
        long held = 0;
        Map<String, Share> shares = new HashMap<>();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (field.getKey().startsWith("m:")) {
                String[] parts = field.getValue().split(" ", -1);
                long own = aligned
                        ? Long.parseLong(parts[0]) == window ? Long.parseLong(parts[1]) : 0
                        : Long.parseLong(parts[4]);
                long holds = Long.parseLong(parts[3]);
                used += aligned ? own : 0;
                held += holds;
                shares.put(field.getKey().substring(2), new Share(own, holds));
            }
        }
        return new LimitState(
                words[0],
                words[3],
                words[1],
                number(fields, "capacity"),
                used,
                held,
                number(fields, "others"),
                number(fields, "recover") == 1,
                shares);
    }

    private static long number(Map<String, String> fields, String name) {
        return (long) Double.parseDouble(fields.getOrDefault(name, "0"));
    }

    /** Reads a flat answer from its beginning. */
    private static final class Reader {
        private final List<Object> told;
        private int at;

        Reader(List<Object> told) {
            this.told = told;
        }

        String next() {
            return told.get(at++).toString();
        }

        Map<String, String> entries() {
            int count = Integer.parseInt(next());
            Map<String, String> entries = new HashMap<>();
            for (int i = 0; i < count; i++) {
                String name = next();
                entries.put(name, next());
            }
            return entries;
        }
    }
}
