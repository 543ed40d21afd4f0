package io.intaglio.fleet;

import io.intaglio.client.guard.KillSwitch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Whether all is stopped, as far as this member knows. It never takes the silence of Redis, or a Redis that has forgotten, for a word to go on: only a
 * later word than the one that stopped it. Thread-safe.
 */
final class FleetStop {
    private static final Script STOP = Script.named("stop");

    /**
     * What somebody told all members.
     *
     * @param number higher than that of any word before; 0 while none is known
     * @param why all is stopped; empty to go on
     */
    record Word(long number, String why) {}

    /**
     * A stop that was asked for here and that Redis has not confirmed.
     *
     * @param count tells it from others for the same reason
     */
    private record Untold(int count, String why) {}

    private final Fleet fleet;
    private final @Nullable KillSwitch killSwitch;
    private Word last = new Word(0, "");
    private @Nullable Untold untold;
    private int asked;

    FleetStop(Fleet fleet, @Nullable KillSwitch killSwitch) {
        this.fleet = fleet;
        this.killSwitch = killSwitch;
    }

    /** Here first, then the others. */
    void stopAll(String why) {
        Untold stop = ask(why);
        try {
            tell(why, stop).join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "the fleet '" + fleet.names().fleet() + "' was not told to stop, because Redis does not answer: "
                            + Fleet.causes(e) + "; "
                            + (killSwitch == null
                                    ? "this member has no kill switch and goes on"
                                    : "this member is stopped")
                            + ", and it tells the others in its next round in which Redis answers",
                    e);
        }
    }

    void resumeAll() {
        try {
            tell("", untold()).join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "the fleet '" + fleet.names().fleet() + "' was not told to go on, because Redis does not answer: "
                            + Fleet.causes(e)
                            + "; what is stopped stays so; resume it again when Redis answers",
                    e);
        }
    }

    /** Tells the stop again of which Redis did not hear. */
    void round() {
        Untold stop = untold();
        if (stop != null) {
            CompletableFuture<Void> unused = tell(stop.why, stop);
        }
    }

    /** @param settled what is no longer untold once Redis has this word */
    private CompletableFuture<Void> tell(String why, @Nullable Untold settled) {
        return fleet.run(
                        STOP,
                        List.of(fleet.names().stop(), fleet.names().channel()),
                        List.of(why, Long.toString(last().number)))
                .thenAccept(answer -> told(new Word(FleetNonces.number(answer.get(0)), why), settled));
    }

    private synchronized Untold ask(String why) {
        Untold stop = new Untold(++asked, why);
        untold = stop;
        apply();
        return stop;
    }

    private synchronized void told(Word word, @Nullable Untold settled) {
        if (settled != null && settled.equals(untold)) {
            untold = null;
        }
        heard(word);
    }

    /** From Redis, in a round or as a message; these overtake each other, so an older word changes nothing. */
    synchronized void heard(Word word) {
        if (word.number > last.number) {
            last = word;
        }
        apply();
    }

    synchronized Word last() {
        return last;
    }

    private synchronized @Nullable Untold untold() {
        return untold;
    }

    private void apply() {
        if (killSwitch == null) {
            return;
        }
        String holder = "fleet " + fleet.names().fleet();
        String why = untold == null ? last.why : untold.why;
        if (!why.isEmpty()) {
            killSwitch.hold(holder, "the fleet was stopped: " + why);
        } else if (last.number > 0) {
            killSwitch.release(holder);
        }
    }
}
