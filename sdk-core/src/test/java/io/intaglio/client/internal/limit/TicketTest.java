package io.intaglio.client.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Priority;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Limit.Scope;
import io.intaglio.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicketTest {
    private static final ApiRequest CALL = ApiRequest.get("/call");
    private static final Function<String, Optional<String>> NO_HEADERS = name -> Optional.empty();

    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:30Z"));
    private final VenueClock clock = VenueClock.of(time, time.ticker());
    private final VenueBudget shared = new VenueBudget();

    private ClientBudget client(String key, Limit... limits) {
        return new ClientBudget(shared, List.of(limits), clock, key, key);
    }

    private static Limit rolling(int capacity) {
        return Limit.rolling("calls", Scope.IP, capacity, Duration.ofSeconds(10))
                .withReserve(0);
    }

    /** Takes room if there is some now. */
    private static Optional<Ticket> now(ClientBudget client, Priority priority) {
        Ticket ticket = client.ticket(CALL, priority);
        if (ticket.poll() == 0) {
            return Optional.of(ticket);
        }
        ticket.leave();
        return Optional.empty();
    }

    @Test
    void poll_oneOfTwoLimitsIsFull_nothingIsTakenOfTheOther() {
        Limit wide = rolling(10);
        Limit narrow = Limit.rolling("orders", Scope.KEY, 1, Duration.ofSeconds(10));
        ClientBudget client = client("a", wide, narrow);
        assertThat(now(client, Priority.ORDER)).isPresent();
        assertThat(now(client, Priority.ORDER)).isEmpty();
        assertThat(client.standings())
                .extracting(ClientBudget.Standing::used)
                .as("one call in each")
                .containsExactly(1L, 1L);
    }

    @Test
    void poll_keysOfOneAddress_shareItsLimitAndNotEachOthers() {
        Limit address = rolling(3);
        Limit key = Limit.rolling("of a key", Scope.KEY, 2, Duration.ofSeconds(10));
        ClientBudget a = client("a", address, key);
        ClientBudget b = client("b", address, key);
        assertThat(now(a, Priority.READ)).isPresent();
        assertThat(now(a, Priority.READ)).isPresent();
        assertThat(now(a, Priority.READ)).as("the key's limit").isEmpty();
        assertThat(now(b, Priority.READ)).isPresent();
        assertThat(now(b, Priority.READ)).as("the address's limit").isEmpty();
    }

    @Test
    void unsent_givesBackWhatItTook_lostDoesNot() {
        ClientBudget client = client("a", rolling(1));
        now(client, Priority.READ).orElseThrow().unsent();
        now(client, Priority.READ).orElseThrow().lost();
        assertThat(now(client, Priority.READ)).isEmpty();
        time.advance(Duration.ofMillis(9999));
        assertThat(now(client, Priority.READ)).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(now(client, Priority.READ)).isPresent();
    }

    @Test
    void poll_callThatNeverFits_saysSoAtOnce() {
        ClientBudget client = client("a", rolling(5).costing(request -> 6));
        Ticket ticket = client.ticket(CALL, Priority.ORDER);
        assertThat(ticket.poll()).isEqualTo(Long.MAX_VALUE);
        assertThat(client.untilFits(CALL, Priority.ORDER)).isEmpty();
    }

    @Test
    void poll_reserve_isForRiskReducingCallsOnly() {
        ClientBudget client = client("a", rolling(3).withReserve(1));
        assertThat(now(client, Priority.ORDER)).isPresent();
        assertThat(now(client, Priority.ORDER)).isPresent();
        assertThat(now(client, Priority.ORDER)).isEmpty();
        assertThat(now(client, Priority.RISK_REDUCING)).isPresent();
        assertThat(now(client, Priority.RISK_REDUCING)).isEmpty();
    }

    /** Reads wait; orders that come later go first, but for every ninth. */
    @Test
    void poll_ordersKeepComing_theReadThatWaitsLongestGoesAfterEight() {
        ClientBudget client = client("a", rolling(1));
        now(client, Priority.ORDER).orElseThrow().answered(true, "", NO_HEADERS);
        Ticket read = client.ticket(CALL, Priority.READ);
        assertThat(read.poll()).isPositive();
        int overtook = 0;
        while (true) {
            Ticket order = client.ticket(CALL, Priority.ORDER);
            assertThat(order.poll()).isPositive();
            time.advance(Duration.ofSeconds(10));
            if (read.poll() == 0) {
                break;
            }
            assertThat(order.poll()).isZero();
            order.answered(true, "", NO_HEADERS);
            overtook++;
        }
        assertThat(overtook).isEqualTo(VenueBudget.MOST_OVERTAKING);
    }

    @Test
    void answered_refusals_countWhereTheVenueLocksOutForThem() {
        ClientBudget client = client("a", rolling(2).onErrors());
        for (int i = 0; i < 10; i++) {
            now(client, Priority.READ).orElseThrow().answered(true, "", NO_HEADERS);
        }
        now(client, Priority.READ).orElseThrow().answered(false, "", NO_HEADERS);
        now(client, Priority.READ).orElseThrow().answered(false, "", NO_HEADERS);
        assertThat(now(client, Priority.READ)).isEmpty();
    }

    @Test
    void answered_refusals_onlyThoseCountThatTheVenueLocksOutFor() {
        ClientBudget client = client("a", rolling(2).onErrors("EAPI:Invalid"));
        for (int i = 0; i < 10; i++) {
            now(client, Priority.ORDER).orElseThrow().answered(false, "EOrder:Insufficient funds", NO_HEADERS);
        }
        now(client, Priority.ORDER).orElseThrow().answered(false, "EAPI:Invalid key", NO_HEADERS);
        now(client, Priority.ORDER).orElseThrow().answered(false, "EAPI:Invalid signature", NO_HEADERS);
        assertThat(now(client, Priority.ORDER)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RateLimit | \"hour\";r=0;t=7 | 7",
                "RateLimit | \"burst\";r=3;t=1, \"hour\";r=0;t=9 | 9",
                "RateLimit | \"hour\";r=1;t=7 | 0",
                "RateLimit | \"hour\";r=0 | 0",
                "RateLimit | \"hour\";r=0;t=99999999999 | 86400",
                "RateLimit | ;;r=0;t=x,,= | 0",
                "X-RateLimit-Remaining | 0 | 0"
            })
    void answered_anyServerTellsThatNothingIsLeft_nobodyWithThatKeySends(String name, String value, long seconds) {
        ClientBudget client = client("a");
        now(client, Priority.READ)
                .orElseThrow()
                .answered(
                        true,
                        "",
                        asked -> Optional.ofNullable(Map.of(name, value).get(asked)));
        assertThat(client.ticket(CALL, Priority.READ).poll())
                .isEqualTo(Duration.ofSeconds(seconds).toNanos());
        assertThat(now(client("b"), Priority.READ)).as("another key").isPresent();
    }

    @Test
    void answered_olderFields_areReadTogether() {
        ClientBudget client = client("a");
        Map<String, String> headers = Map.of("RateLimit-Remaining", "0", "RateLimit-Reset", "5");
        now(client, Priority.READ).orElseThrow().answered(true, "", name -> Optional.ofNullable(headers.get(name)));
        assertThat(client.ticket(CALL, Priority.READ).poll())
                .isEqualTo(Duration.ofSeconds(5).toNanos());
    }

    @Test
    void refused_banWithoutATime_stopsEveryKeyForTenMinutes() {
        ClientBudget client = client("a", rolling(10));
        Ticket ticket = now(client, Priority.READ).orElseThrow();
        ticket.answered(false, "", NO_HEADERS);
        assertThat(ticket.refused("", true, null)).isEqualTo(Duration.ofMinutes(10));
        assertThat(now(client("b", rolling(10)), Priority.RISK_REDUCING)).isEmpty();
        time.advance(Duration.ofMinutes(10));
        assertThat(now(client("b", rolling(10)), Priority.READ)).isPresent();
    }

    /** Sixteen threads take, end and give back at once: never more than fits, and nothing is left in the books. */
    @Test
    void poll_sixteenThreads_neverMoreThanFits() throws Exception {
        ClientBudget client = client("a", rolling(5));
        CyclicBarrier start = new CyclicBarrier(16);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> all = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                all.add(pool.submit(() -> {
                    start.await();
                    int taken = 0;
                    for (int i = 0; i < 5000; i++) {
                        Ticket ticket = client.ticket(CALL, Priority.READ);
                        if (ticket.poll() == 0) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            taken++;
                            inside.decrementAndGet();
                        }
                        ticket.leave();
                    }
                    return taken;
                }));
            }
            int taken = 0;
            for (Future<Integer> each : all) {
                taken += each.get();
            }
            assertThat(taken).isPositive();
            assertThat(most.get()).isLessThanOrEqualTo(5);
            assertThat(client.standings())
                    .singleElement()
                    .extracting(ClientBudget.Standing::used)
                    .isEqualTo(0L);
        } finally {
            pool.shutdownNow();
        }
    }
}
