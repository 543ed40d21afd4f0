package io.intaglio.fleet;

import io.intaglio.client.internal.share.LocalCount;
import io.intaglio.client.internal.share.SharedCount;
import io.intaglio.signing.venue.Limit;
import java.util.List;

/**
 * This member's part in one limit: what it was granted and has not used, and its safe share, which it may use without asking. Under the budget's lock.
 *
 * <p>What it may send in all is the larger of what it used and holds, and the safe share; Redis keeps as much for it. So a call may go out when the grant
 * covers it, or when with it all that was used and is held stays within the safe share.
 */
final class Slice implements SharedCount {
    /** Fields of a limit in the answer of the script. */
    static final int ANSWERS = 8;

    private static final long MILLI = 1_000_000;
    private static final long SHORT_WAIT = MILLI / 3;

    private final Settling settling;
    private final LocalCount local;
    private final String fingerprint;
    private final long period;
    /** How often to ask, if it can be helped. */
    private final long interval;

    private final long joinedAt;
    private long allowance;
    private long grantEnds;
    /** Units let out beside the grant since the last question was put, which the answer does not know of. */
    private long beside;

    private long safe;
    private boolean heard;
    private boolean recovering;
    private long free;
    private long target = 1;
    private long need;
    private long keep;
    private long askedAt;
    private long backoff;
    private long notBefore;
    private boolean isFull;
    private long asked;
    private long lastUse;
    private long questions;

    private boolean capacityNews;
    private long learnt;
    private long told = -1;
    private long toldSettled = -1;
    private long toldAdmitted;
    private Known latest = Known.NONE;
    private Known before = Known.NONE;

    /**
     * What an answer said was settled by all.
     *
     * @param at ticks of the answer
     * @param settled -1 when there was none
     */
    private record Known(long at, long window, long settled) {
        static final Known NONE = new Known(0, 0, -1);
    }

    Slice(Settling settling, LocalCount local, String fingerprint, long ticks) {
        this.settling = settling;
        this.local = local;
        this.fingerprint = fingerprint;
        this.period = local.limit().period().toNanos();
        this.interval = Math.max(10 * MILLI, Math.min(250 * MILLI, period / 240));
        this.joinedAt = ticks;
        this.askedAt = ticks - interval;
        this.lastUse = ticks;
        this.safe = settling.safeOf(local.limit().capacity());
    }

    String fingerprint() {
        return fingerprint;
    }

    LocalCount local() {
        return local;
    }

    @Override
    public long waitFor(long units, long ahead, long reserve, long untilEmptier, long ticks) {
        if (fits(units, ahead, reserve, ticks)) {
            return 0;
        }
        need = Math.max(need, units + ahead);
        keep = reserve;
        if (ticks - notBefore >= 0 || reserve == 0 && isFull) {
            settling.ask(this, ticks);
            if (fits(units, ahead, reserve, ticks)) {
                return 0;
            }
        }
        if (settling.isAsking()) {
            return SHORT_WAIT;
        }
        // others may give back what they do not need at any time; for sure there is more when this process' own count
        // falls
        return Math.max(SHORT_WAIT, Math.min(notBefore - ticks, untilEmptier));
    }

    private boolean fits(long units, long ahead, long reserve, long ticks) {
        lapse(ticks);
        long wanted = units + ahead;
        if (allowance >= wanted && (reserve == 0 || free + allowance - wanted >= reserve)) {
            return true;
        }
        // until this member has been heard once, an earlier process of its name may have used the share in this period
        if (!heard && ticks - joinedAt < period) {
            return false;
        }
        long ordinary = reserve == 0 ? safe : safe - (safe + 9) / 10;
        return local.recent() + local.pending() + allowance + wanted <= ordinary;
    }

    private void lapse(long ticks) {
        if (allowance > 0 && grantEnds - ticks <= 0) {
            allowance = 0;
        }
    }

    @Override
    public void taken(long units, long ticks) {
        lastUse = ticks;
        if (allowance >= units) {
            allowance -= units;
        } else {
            beside += units;
        }
        if (allowance < (target + 3) / 4 && ticks - notBefore >= 0) {
            settling.ask(this, ticks);
        }
    }

    @Override
    public void back(long units, long ticks) {
        lapse(ticks);
        if (grantEnds - ticks > 0) {
            allowance += units;
        }
    }

    @Override
    public void told(long used, long admittedTicks, long ticks) {
        if (told >= 0 && toldAdmitted - admittedTicks > 0) {
            return;
        }
        told = used;
        toldAdmitted = admittedTicks;
        Known sure = latest.at - admittedTicks <= 0 ? latest : before;
        boolean applies = sure.settled >= 0 && sure.at - admittedTicks <= 0 && sure.window == local.window();
        toldSettled = applies ? sure.settled : -1;
    }

    @Override
    public void capacityTold(long units) {
        capacityNews = true;
    }

    @Override
    public void learnt(long units) {
        learnt = units;
    }

    /** Whether there is anything to say, so that a round goes by it otherwise. */
    boolean isDue(long ticks) {
        return allowance > 0 || local.pending() > 0 || ticks - lastUse < 2 * period || told >= 0 || capacityNews;
    }

    /** Whether it would be as well to ask for more now that a question is put. */
    boolean isLow() {
        return allowance < (target + 1) / 2;
    }

    /** Puts what this member has and wants into a question. */
    void put(List<String> arguments, boolean wants, long ticks) {
        lapse(ticks);
        long sinceLast = ticks - askedAt;
        if (wants) {
            if (sinceLast < interval / 2) {
                target = Math.min(settling.largest(local.capacity()), target * 2);
            } else if (sinceLast > 2 * interval) {
                target = Math.max(1, target / 2);
            }
            askedAt = ticks;
        } else if (allowance > target) {
            // what a quiet member does not need goes back
            allowance = target;
        }
        Limit limit = local.limit();
        boolean aligned = limit.kind() == Limit.Kind.ALIGNED;
        long late = aligned ? local.late() : 0;
        long needed = Math.max(0, need - allowance);
        long wanted = wants ? Math.max(needed, target - allowance) : 0;
        arguments.add(limit.kind().name().substring(0, 1));
        add(arguments, period / 1000);
        add(arguments, local.capacity());
        add(arguments, capacityNews ? 1 : 0);
        add(arguments, learnt);
        add(arguments, local.window());
        add(arguments, aligned ? local.counted() - late : 0);
        add(arguments, aligned ? 0 : local.total());
        add(arguments, local.pending() + allowance + late);
        add(arguments, local.recent() - late);
        add(arguments, wanted);
        add(arguments, wants ? needed : 0);
        add(arguments, keep);
        add(arguments, told);
        add(arguments, toldSettled);
        add(arguments, told < 0 ? 0 : Math.max(0, ticks - toldAdmitted) / 1000);
        add(arguments, ticks - joinedAt < period + settling.oldest() ? 1 : 0);
        add(arguments, ++questions);
        asked = wanted;
        beside = 0;
        capacityNews = false;
        learnt = 0;
        told = -1;
    }

    private static void add(List<String> arguments, long number) {
        arguments.add(Long.toString(number));
    }

    /**
     * Takes what was answered.
     *
     * @param askedTicks when the question was put
     */
    void take(List<Object> answer, int at, boolean wanted, long askedTicks, long ticks) {
        long granted = FleetNonces.number(answer.get(at));
        long capacity = FleetNonces.number(answer.get(at + 1));
        boolean capacityTold = FleetNonces.number(answer.get(at + 2)) == 1;
        free = FleetNonces.number(answer.get(at + 3));
        safe = FleetNonces.number(answer.get(at + 4));
        long settled = FleetNonces.number(answer.get(at + 5));
        long window = FleetNonces.number(answer.get(at + 6));
        boolean wasRecovering = recovering;
        recovering = FleetNonces.number(answer.get(at + 7)) == 1;
        heard = true;
        if (recovering && !wasRecovering) {
            settling.redisKnowsNothing();
        }
        lapse(ticks);
        allowance += Math.max(0, granted - beside);
        grantEnds = askedTicks + settling.term();
        before = latest;
        latest = new Known(ticks, window, settled);
        if (capacityTold && capacity != local.capacity()) {
            local.capacityTold(capacity);
        }
        if (!wanted) {
            return;
        }
        // where little is left, asking more often brings no more
        isFull = allowance < need;
        backoff = isFull || granted < asked / 2 ? longerBackoff() : 0;
        notBefore = ticks + backoff;
        need = 0;
    }

    private long longerBackoff() {
        return Math.max(MILLI, Math.max(interval / 16, Math.min(interval / 2, backoff * 2)));
    }

    /** No answer came: what was asked for is not known to be granted, and the next question says what is held. */
    void failed(long ticks) {
        backoff = longerBackoff();
        notBefore = ticks + backoff;
        need = 0;
    }

    /** Holds no more than what is under way. */
    void giveUp() {
        allowance = 0;
        target = 1;
    }
}
