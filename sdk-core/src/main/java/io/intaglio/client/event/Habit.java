package io.intaglio.client.event;

import io.intaglio.client.event.Event.Suspicion;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What a program does at which hour, as it did in the past four weeks. Not thread-safe. */
final class Habit {
    private static final long HOURS_KEPT = Duration.ofDays(28).toHours();
    private static final int DAYS_TO_LEARN = 14;
    private static final int TIMES = 3;
    private static final int CALLS = 100;
    private static final int ACTS = 3;
    private static final int DAY = 24;

    /** What was done in an hour. */
    static final class Hour {
        private long calls;
        private long acts;

        Hour(long calls, long acts) {
            this.calls = calls;
            this.acts = acts;
        }

        long calls() {
            return calls;
        }

        long acts() {
            return acts;
        }
    }

    private final TreeMap<Long, Hour> hours = new TreeMap<>();
    private long now = Long.MIN_VALUE;
    private boolean isLearnt;
    private long busiest;
    private final boolean[] active = new boolean[DAY];

    /** By hours since 1970. */
    Map<Long, Hour> hours() {
        return hours;
    }

    /** From an earlier process. */
    void recall(long hour, Hour what) {
        hours.put(hour, what);
    }

    /**
     * A call was made.
     *
     * @param isAct whether it trades or withdraws
     * @return what is unusual about this hour, with what to say of it
     */
    Map<Suspicion, String> add(long hour, boolean isAct) {
        if (hour > now) {
            now = hour;
            learn();
        }
        Hour current = hours.computeIfAbsent(now, h -> new Hour(0, 0));
        current.calls++;
        current.acts += isAct ? 1 : 0;
        Map<Suspicion, String> unusual = new EnumMap<>(Suspicion.class);
        if (isLearnt && current.calls > TIMES * busiest + CALLS) {
            unusual.put(
                    Suspicion.UNUSUAL_VOLUME,
                    current.calls + " calls in an hour, where the busiest of four weeks had " + busiest
                            + "; ask who changed the program, and stop it if nobody did");
        }
        if (isLearnt && isAct && current.acts >= ACTS && !isUsual(Math.floorMod(now, DAY))) {
            unusual.put(
                    Suspicion.UNUSUAL_HOUR,
                    current.acts + " orders or withdrawals after " + Math.floorMod(now, DAY)
                            + " h UTC, where in four weeks there were none; ask who made them, and stop the program if nobody did");
        }
        return unusual;
    }

    /** An hour sooner or later is usual: summer time. */
    private boolean isUsual(int hour) {
        return active[(hour + DAY - 1) % DAY] || active[hour] || active[(hour + 1) % DAY];
    }

    private void learn() {
        hours.headMap(now - HOURS_KEPT).clear();
        busiest = 0;
        Arrays.fill(active, false);
        long days = 0;
        long last = Long.MIN_VALUE;
        for (Map.Entry<Long, Hour> entry : hours.headMap(now).entrySet()) {
            long day = Math.floorDiv(entry.getKey(), DAY);
            days += day != last && day != Math.floorDiv(now, DAY) ? 1 : 0;
            last = day;
            busiest = Math.max(busiest, entry.getValue().calls);
            active[Math.floorMod(entry.getKey(), DAY)] |= entry.getValue().acts > 0;
        }
        isLearnt = days >= DAYS_TO_LEARN;
    }
}
