package io.intaglio.client.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.Priority;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());
    private final List<Future<?>> calls = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    /** Begins a call that waits for its turn, is noted and ends; returns when it waits. */
    private void waiter(Turns turns, Priority priority, String name) {
        int before = turns.waiting();
        calls.add(threads.submit(() -> {
            assertThat(turns.begin(priority, LONG)).isTrue();
            order.add(name);
            turns.end();
            return name;
        }));
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> turns.waiting() == before + 1);
    }

    private List<String> orderAfterAll() throws Exception {
        for (Future<?> call : calls) {
            call.get(60, TimeUnit.SECONDS);
        }
        return order;
    }

    @Test
    void begin_severalWait_goByPriorityAndThenByTheirComing() throws Exception {
        Turns turns = new Turns(1);
        assertThat(turns.begin(Priority.ORDER, LONG)).isTrue();
        waiter(turns, Priority.READ, "read 1");
        waiter(turns, Priority.ORDER, "order 1");
        waiter(turns, Priority.ORDER, "order 2");
        waiter(turns, Priority.RISK_REDUCING, "cancel 1");
        waiter(turns, Priority.READ, "read 2");
        waiter(turns, Priority.RISK_REDUCING, "cancel 2");
        turns.end();

        assertThat(orderAfterAll()).containsExactly("cancel 1", "cancel 2", "order 1", "order 2", "read 1", "read 2");
    }

    @Test
    void begin_moreUrgentOnesKeepComing_longestWaiterGoesAfterEight() throws Exception {
        Turns turns = new Turns(1);
        assertThat(turns.begin(Priority.ORDER, LONG)).isTrue();
        waiter(turns, Priority.READ, "read 1");
        waiter(turns, Priority.READ, "read 2");
        for (int i = 1; i <= 20; i++) {
            waiter(turns, Priority.RISK_REDUCING, "cancel");
        }
        turns.end();

        List<String> seen = orderAfterAll();
        assertThat(seen.indexOf("read 1")).isEqualTo(8);
        assertThat(seen.indexOf("read 2")).isEqualTo(17);
    }

    @Test
    void begin_limitPasses_leavesTheQueue() throws Exception {
        Turns turns = new Turns(1);
        assertThat(turns.begin(Priority.ORDER, LONG)).isTrue();

        assertThat(turns.begin(Priority.ORDER, Duration.ofMillis(20))).isFalse();
        assertThat(turns.begin(Priority.ORDER, Duration.ZERO)).isFalse();
        assertThat(turns.waiting()).isZero();
        turns.end();
        assertThat(turns.begin(Priority.READ, Duration.ZERO))
                .as("the turn is free")
                .isTrue();
    }

    @Test
    void begin_interrupted_leavesTheQueueAndPassesNothingOn() throws Exception {
        Turns turns = new Turns(1);
        assertThat(turns.begin(Priority.ORDER, LONG)).isTrue();
        Future<?> waiting = threads.submit(() -> {
            assertThatThrownBy(() -> turns.begin(Priority.ORDER, LONG)).isInstanceOf(InterruptedException.class);
            order.add("interrupted");
        });
        Awaitility.await().until(() -> turns.waiting() == 1);
        waiting.cancel(true);
        Awaitility.await().until(() -> order.contains("interrupted"));

        assertThat(turns.waiting()).isZero();
        turns.end();
        assertThat(turns.begin(Priority.READ, Duration.ZERO)).isTrue();
    }

    @Test
    void begin_limitOfForEver_waitsForItsTurn() throws Exception {
        Turns turns = new Turns(1);
        assertThat(turns.begin(Priority.ORDER, LONG)).isTrue();
        Future<Boolean> call = threads.submit(() -> turns.begin(Priority.ORDER, ChronoUnit.FOREVER.getDuration()));
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> turns.waiting() == 1);
        turns.end();
        assertThat(call.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(turns.begin(Priority.ORDER, Duration.ZERO))
                .as("it has the turn")
                .isFalse();
    }

    @Test
    void begin_threeAtOnce_letsThreeIn() throws Exception {
        Turns turns = new Turns(3);
        for (int i = 0; i < 3; i++) {
            assertThat(turns.begin(Priority.READ, Duration.ZERO)).isTrue();
        }
        assertThat(turns.begin(Priority.RISK_REDUCING, Duration.ZERO)).isFalse();
        turns.end();
        assertThat(turns.begin(Priority.READ, Duration.ZERO)).isTrue();
        assertThatThrownBy(() -> new Turns(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
