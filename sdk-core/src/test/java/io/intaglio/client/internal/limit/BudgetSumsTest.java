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
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The sums of the budget, each worked out by hand: what is used, how long a call waits, what a refusal or a header changes. */
class BudgetSumsTest {
    private static final Duration TEN = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:30Z"));
    /** Ticks begin anywhere, as those of the JVM do. */
    private final VenueClock clock = VenueClock.of(time, () -> time.nanos() + (1L << 50));

    private final VenueBudget shared = new VenueBudget();

    private ClientBudget client(Limit... limits) {
        return client("a", limits);
    }

    private ClientBudget client(String key, Limit... limits) {
        return new ClientBudget(shared, List.of(limits), clock, key, key);
    }

    /** The venue has told its time to the nanosecond, so that windows begin when it says. */
    private void exactClock() {
        clock.correct(clock.now(), Duration.ZERO, clock.ticks(), clock.ticks());
    }

    /** Calls cost what their path says. */
    private static Limit limit(Limit.Kind kind, long capacity, Duration period) {
        Limit limit = switch (kind) {
            case ALIGNED -> Limit.aligned("calls", Scope.IP, capacity, period);
            case ROLLING -> Limit.rolling("calls", Scope.IP, capacity, period);
            case LEAKY -> Limit.leaky("calls", Scope.IP, capacity, period);
        };
        return limit.withReserve(0)
                .costing(request -> Long.parseLong(request.path().substring(1)));
    }

    private static ApiRequest call(long units) {
        return ApiRequest.get("/" + units);
    }

    private static Ticket begin(ClientBudget client, long units) {
        Ticket ticket = client.ticket(call(units), Priority.RISK_REDUCING);
        assertThat(ticket.poll()).isZero();
        return ticket;
    }

    private static List<Moved> end(Ticket ticket, boolean accepted, Map<String, String> headers) {
        return ticket.answered(accepted, "", name -> Optional.ofNullable(headers.get(name)));
    }

    private static void take(ClientBudget client, long units) {
        end(begin(client, units), true, Map.of());
    }

    private static List<Moved> told(ClientBudget client, long units, String header, long value) {
        return end(begin(client, units), true, Map.of(header, Long.toString(value)));
    }

    private static Duration wait(ClientBudget client, long units) {
        return client.untilFits(call(units), Priority.RISK_REDUCING).orElseThrow();
    }

    private static long room(ClientBudget client, Priority priority) {
        long units = 0;
        while (client.untilFits(call(units + 1), priority)
                .filter(Duration::isZero)
                .isPresent()) {
            units++;
        }
        return units;
    }

    private static ClientBudget.Standing standing(ClientBudget client) {
        return client.standings().get(0);
    }

    private static long used(ClientBudget client) {
        return standing(client).used();
    }

    // ---- leaky

    @Test
    void leaky_oneUnitASecond_leaksEvenly() {
        ClientBudget client = client(limit(Limit.Kind.LEAKY, 10, TEN));
        take(client, 10);
        assertThat(wait(client, 1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(wait(client, 3)).isEqualTo(Duration.ofSeconds(3));
        time.advance(Duration.ofMillis(250));
        assertThat(wait(client, 1)).isEqualTo(Duration.ofMillis(750));
        assertThat(wait(client, 10)).isEqualTo(Duration.ofMillis(9_750));
        assertThat(standing(client)).isEqualTo(new ClientBudget.Standing("calls", 10, 10, Duration.ofMillis(9_750)));
        time.advance(Duration.ofMillis(750));
        assertThat(used(client)).isEqualTo(9);
        time.advance(Duration.ofHours(1));
        assertThat(standing(client)).isEqualTo(new ClientBudget.Standing("calls", 10, 0, Duration.ZERO));
        assertThat(room(client, Priority.READ))
                .as("an idle hour saves nothing up")
                .isEqualTo(10);
    }

    @Test
    void leaky_ordersLeaveTheReserveAndReadsTwice() {
        ClientBudget client = client(limit(Limit.Kind.LEAKY, 10, TEN).withReserve(2));
        assertThat(room(client, Priority.RISK_REDUCING)).isEqualTo(10);
        take(client, 1); // a call that is alone may be as large as the capacity
        time.advance(Duration.ofNanos(1));
        assertThat(freeFor(client, Priority.ORDER)).isEqualTo(10 - 1 - 2);
        assertThat(freeFor(client, Priority.READ)).isEqualTo(10 - 1 - 4);
    }

    /** How many calls of one unit go out now. */
    private static int freeFor(ClientBudget client, Priority priority) {
        List<Ticket> taken = new ArrayList<>();
        while (true) {
            Ticket ticket = client.ticket(call(1), priority);
            if (ticket.poll() != 0) {
                ticket.leave();
                break;
            }
            taken.add(ticket);
        }
        taken.forEach(Ticket::unsent);
        return taken.size();
    }

    @Test
    void leaky_venueTellsItsLevel_isTaken() {
        ClientBudget client = client(limit(Limit.Kind.LEAKY, 10, TEN).used("Used"));
        told(client, 1, "Used", 5);
        assertThat(used(client)).isEqualTo(5);
        take(client, 2);
        told(client, 1, "Used", 2); // it counts less than we do
        assertThat(used(client)).isEqualTo(2);
        time.advance(Duration.ofSeconds(2));
        assertThat(used(client)).isZero();
    }

    // ---- rolling

    @Test
    void rolling_eachCall_goesOnePeriodAfterItsAnswer() {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 10, TEN));
        take(client, 3);
        time.advance(Duration.ofSeconds(1));
        take(client, 4);
        time.advance(Duration.ofSeconds(1));
        take(client, 3);
        assertThat(wait(client, 1)).isEqualTo(Duration.ofSeconds(8));
        assertThat(wait(client, 3)).isEqualTo(Duration.ofSeconds(8));
        assertThat(wait(client, 4)).isEqualTo(Duration.ofSeconds(9));
        assertThat(wait(client, 8)).isEqualTo(TEN);
        assertThat(standing(client).untilEmpty()).isEqualTo(TEN);
        time.advance(Duration.ofSeconds(8).minusNanos(1));
        assertThat(used(client)).isEqualTo(10);
        time.advance(Duration.ofNanos(1));
        assertThat(used(client)).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"10, 0", "11, 1"})
    void rolling_callsWithinAThousandthOfThePeriod_goTogether(int millis, int freed) {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 2, TEN));
        take(client, 1);
        time.advance(Duration.ofMillis(millis));
        take(client, 1);
        time.advance(TEN.minusMillis(millis)); // one period after the first
        assertThat(2 - used(client)).isEqualTo(freed);
        time.advance(Duration.ofMillis(millis));
        assertThat(used(client)).isZero();
    }

    @Test
    void rolling_callUnderWay_isWaitedForAPeriodAtLeast() {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 2, TEN));
        Ticket slow = begin(client, 2);
        assertThat(wait(client, 1)).isEqualTo(TEN);
        time.advance(Duration.ofSeconds(30));
        assertThat(used(client)).as("it may arrive yet").isEqualTo(2);
        end(slow, true, Map.of());
        assertThat(wait(client, 2)).isEqualTo(TEN);
    }

    @Test
    void rolling_whatOthersUse_countsUntilAPeriodWithoutWordOfIt() {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 100, TEN).used("Used"));
        told(client, 1, "Used", 51);
        assertThat(used(client)).isEqualTo(51);
        assertThat(room(client, Priority.RISK_REDUCING))
                .as("others may use a tenth more, and one, before we hear of it")
                .isEqualTo(100 - 51 - (5 + 1));
        told(client, 1, "Used", 2);
        assertThat(used(client)).as("they have gone").isEqualTo(2);
        told(client, 1, "Used", 1);
        assertThat(used(client)).as("ours count all the same").isEqualTo(3);
        told(client, 1, "Used", 44);
        assertThat(used(client)).isEqualTo(44);
        time.advance(TEN);
        assertThat(used(client)).as("our four have gone").isEqualTo(40);
        time.advance(Duration.ofNanos(1));
        assertThat(used(client)).isZero();
    }

    // ---- aligned

    @Test
    void aligned_exactClock_emptiesAtTheMinute() {
        exactClock();
        ClientBudget client = client(limit(Limit.Kind.ALIGNED, 100, MINUTE));
        take(client, 100);
        assertThat(wait(client, 1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(wait(client, 100)).isEqualTo(Duration.ofSeconds(30));
        assertThat(standing(client).untilEmpty()).isEqualTo(Duration.ofSeconds(30));
        time.advance(Duration.ofSeconds(30));
        assertThat(used(client)).isEqualTo(100);
        time.advance(Duration.ofMillis(4)); // in half a minute two clocks drift 3 ms apart
        assertThat(used(client)).isZero();
    }

    /** The venue's time is known to half a second, and by so much our window begins later than its own. */
    @Test
    void aligned_clockOfHalfASecond_waitsItOutAndCountsLateCallsTwice() {
        ClientBudget client = client(limit(Limit.Kind.ALIGNED, 100, MINUTE));
        take(client, 97);
        time.advance(Duration.ofMillis(29_400)); // 600 ms before the minute
        take(client, 1);
        time.advance(Duration.ofMillis(200));
        take(client, 2);
        assertThat(wait(client, 98)).isBetween(Duration.ofMillis(900), Duration.ofMillis(904));
        assertThat(wait(client, 99))
                .as("one of the late ones")
                .isBetween(Duration.ofMillis(60_900), Duration.ofMillis(60_904));
        time.advance(Duration.ofMillis(850));
        assertThat(used(client)).isEqualTo(100);
        time.advance(Duration.ofMillis(60));
        assertThat(used(client))
                .as("those that the venue may have counted after the minute")
                .isEqualTo(2);
        time.advance(MINUTE);
        assertThat(used(client)).isZero();
    }

    @Test
    void aligned_reserve_becomesFreeAsTheWindowPasses() {
        exactClock();
        ClientBudget client = client(limit(Limit.Kind.ALIGNED, 100, MINUTE).withReserve(20));
        // half of the window is left, so half of the 20 is kept from orders, and half of 10 more from reads
        assertThat(freeFor(client, Priority.RISK_REDUCING)).isEqualTo(100);
        assertThat(freeFor(client, Priority.ORDER)).isEqualTo(90);
        assertThat(freeFor(client, Priority.READ)).isEqualTo(85);
        take(client, 90);
        Duration wait = client.untilFits(call(1), Priority.ORDER).orElseThrow();
        assertThat(wait).as("one of 20 in 60 s").isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_100));
        time.advance(Duration.ofSeconds(15));
        assertThat(freeFor(client, Priority.ORDER)).isEqualTo(5);
        time.advance(Duration.ofSeconds(15).minusMillis(1));
        assertThat(freeFor(client, Priority.ORDER)).isEqualTo(10);
    }

    @Test
    void aligned_moreThanAWindowHolds_waitsForFurtherWindows() {
        exactClock();
        ClientBudget client = client(limit(Limit.Kind.ALIGNED, 10, MINUTE));
        Ticket slow = begin(client, 10);
        assertThat(wait(client, 1)).isEqualTo(Duration.ofSeconds(30));
        end(slow, true, Map.of());
        assertThat(used(client)).isEqualTo(10);
        assertThat(wait(client, 10)).isEqualTo(Duration.ofSeconds(30));
    }

    /** As much again as others used in the window before, and a tenth more, is left to them. */
    @Test
    void aligned_whatOthersUsedInTheLastWindow_isExpectedOfThemAgain() {
        exactClock();
        ClientBudget client = client(limit(Limit.Kind.ALIGNED, 100, MINUTE).used("Used"));
        told(client, 1, "Used", 41);
        time.advance(Duration.ofSeconds(45)); // 15 s into the next window
        assertThat(freeFor(client, Priority.RISK_REDUCING)).isEqualTo(100 - 44);
        told(client, 1, "Used", 11);
        assertThat(freeFor(client, Priority.RISK_REDUCING)).isEqualTo(100 - 11 - (44 - 10));
        told(client, 1, "Used", 47);
        assertThat(freeFor(client, Priority.RISK_REDUCING))
                .as("a tenth, and one")
                .isEqualTo(100 - 47 - (4 + 1));
        time.advance(MINUTE);
        assertThat(freeFor(client, Priority.RISK_REDUCING)).isEqualTo(100 - 49);
        time.advance(MINUTE.multipliedBy(2));
        assertThat(freeFor(client, Priority.RISK_REDUCING))
                .as("a window without any")
                .isEqualTo(100);
    }

    @Test
    void aligned_venueCountsMoreThanOurCalls_isSaidWhereTheWindowIsCertain() {
        exactClock();
        Limit limit = limit(Limit.Kind.ALIGNED, 100, MINUTE).used("Used");
        ClientBudget client = client(limit);
        time.advance(Duration.ofSeconds(70)); // 12:01:40
        assertThat(told(client, 1, "Used", 31)).containsExactly(new Moved(limit, 30, 100));
        time.advance(Duration.ofMillis(79_000)); // 12:02:59
        take(client, 7);
        time.advance(Duration.ofSeconds(2)); // 12:03:01
        assertThat(told(client, 1, "Used", 90))
                .as("the venue's window may begin later")
                .isEmpty();
        time.advance(Duration.ofSeconds(4)); // 12:03:05
        assertThat(told(client, 1, "Used", 9))
                .as("seven may count in this window")
                .isEmpty();
        assertThat(told(client, 1, "Used", 15)).containsExactly(new Moved(limit, 15 - 3 - 7, 100));
        time.advance(Duration.ofSeconds(50)); // 12:03:55
        take(client, 20);
        time.advance(Duration.ofSeconds(70)); // 12:05:05
        take(client, 2);
        assertThat(told(client, 1, "Used", 23))
                .as("twenty of the window before do not count in this one")
                .containsExactly(new Moved(limit, 20, 100));
        Ticket across = begin(client, 1);
        time.advance(MINUTE);
        assertThat(end(across, true, Map.of("Used", "99")))
                .as("sent in another window")
                .isEmpty();
    }

    /** A venue whose window begins two seconds late refuses at our beginning, and says for how much longer. */
    @ParameterizedTest
    @CsvSource({"2, 1, 3", "0, 2, 2", "6, 1, 0", "2, 30, 0"})
    void aligned_refusedAtTheBeginningOfAWindow_movesItToWhereTheVenuesBegins(int since, int told, int begins) {
        exactClock();
        ClientBudget client = client(limit(Limit.Kind.ALIGNED, 100, MINUTE));
        time.advance(Duration.ofSeconds(30 + since).plusMillis(4)); // 12:01, and what clocks may drift
        refuse(client, 1, "", false, Duration.ofSeconds(told));
        time.advance(Duration.ofSeconds(35));
        take(client, 100);
        Duration left = Duration.ofSeconds(60 - since - 35 + begins);
        assertThat(wait(client, 1)).isBetween(left.minusMillis(5), left.plusMillis(20));
    }

    // ---- all kinds

    /** Behind a full limit each of three calls that fill it waits for the one before. */
    @ParameterizedTest
    @CsvSource({"ALIGNED, 30, 90, 150", "ROLLING, 60, 120, 180", "LEAKY, 60, 120, 180"})
    void poll_severalThatFillTheLimit_waitForEachOther(Limit.Kind kind, int first, int second, int third) {
        exactClock();
        ClientBudget client = client(limit(kind, 10, MINUTE));
        take(client, 10);
        for (int seconds : new int[] {first, second, third}) {
            assertThat(client.ticket(call(10), Priority.ORDER).poll())
                    .isEqualTo(Duration.ofSeconds(seconds).toNanos());
        }
    }

    @Test
    void poll_twoOfOnePriority_theFirstGoesFirstThoughTheSecondAsksFirst() {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 1, TEN));
        take(client, 1);
        Ticket first = client.ticket(call(1), Priority.ORDER);
        Ticket second = client.ticket(call(1), Priority.ORDER);
        assertThat(first.poll()).isEqualTo(TEN.toNanos());
        assertThat(second.poll()).isEqualTo(2 * TEN.toNanos());
        time.advance(TEN);
        assertThat(second.poll()).isPositive();
        assertThat(client.ticket(call(1), Priority.ORDER).poll())
                .as("a new one")
                .isPositive();
        assertThat(first.poll()).isZero();
    }

    @Test
    void answered_twiceOrAfterItWasGivenBack_countsOnce() {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 10, TEN));
        Ticket ticket = begin(client, 3);
        end(ticket, true, Map.of());
        end(ticket, true, Map.of());
        ticket.unsent();
        assertThat(used(client)).isEqualTo(3);
        Ticket back = begin(client, 2);
        back.unsent();
        end(back, true, Map.of());
        assertThat(used(client)).isEqualTo(3);
    }

    /** What a call is told to wait is enough; and, where others leave nothing in reserve, not a moment too long. */
    @ParameterizedTest
    @EnumSource
    void untilFits_thatMuchLater_itFitsAndNotBefore(Limit.Kind kind) {
        exactClock();
        SplittableRandom random = new SplittableRandom(11);
        for (int run = 0; run < 300; run++) {
            ClientBudget client = new ClientBudget(
                    new VenueBudget(), List.of(limit(kind, random.nextInt(1, 30), TEN)), clock, "a", "a");
            long capacity = standing(client).capacity();
            for (int i = 0; i < 5; i++) {
                long units = random.nextLong(1, capacity + 1);
                Duration wait = wait(client, units);
                if (wait.isZero()) {
                    take(client, units);
                    time.advance(Duration.ofMillis(random.nextInt(3_000)));
                    continue;
                }
                time.advance(wait.minusNanos(kind == Limit.Kind.ALIGNED ? wait.toNanos() / 10 : 1));
                assertThat(wait(client, units)).isPositive();
                time.advance(kind == Limit.Kind.ALIGNED ? wait.dividedBy(10).plusMillis(1) : Duration.ofNanos(1));
                assertThat(wait(client, units)).isZero();
            }
        }
    }

    /** Of two limits the one that holds longer is waited for, and named. */
    @Test
    void poll_twoLimitsAreFull_theLongerWaitCounts() {
        for (boolean longFirst : new boolean[] {true, false}) {
            Limit brief = limit(Limit.Kind.ROLLING, 1, TEN);
            Limit longer = Limit.rolling("long", Scope.IP, 1, MINUTE).withReserve(0);
            ClientBudget client = new ClientBudget(
                    new VenueBudget(), longFirst ? List.of(longer, brief) : List.of(brief, longer), clock, "a", "a");
            take(client, 1);
            Ticket ticket = client.ticket(call(1), Priority.ORDER);
            assertThat(ticket.poll()).isEqualTo(MINUTE.toNanos());
            assertThat(ticket.reason())
                    .isEqualTo("lets through 1 units of its limit 'long' in PT1M, of which 1 are used and 1 wanted");
        }
    }

    @Test
    void poll_samePriority_goesInTheOrderInWhichTheyCame() {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 2, TEN));
        take(client, 2);
        Ticket large = client.ticket(call(2), Priority.ORDER);
        assertThat(large.poll()).isPositive();
        Ticket small = client.ticket(call(1), Priority.ORDER);
        assertThat(small.poll()).isPositive();
        Ticket read = client.ticket(call(1), Priority.READ);
        assertThat(read.poll()).isPositive();
        time.advance(TEN);
        assertThat(small.poll())
                .as("there is room, but for the one that came first")
                .isPositive();
        assertThat(client.ticket(call(1), Priority.RISK_REDUCING).poll())
                .as("of higher priority")
                .isZero();
        large.leave();
        assertThat(read.poll()).as("the order goes first").isPositive();
        assertThat(small.poll()).isZero();
    }

    // ---- what the venue tells

    @Test
    void answered_venueTellsWhatIsLeftAndHowMuchFits_bothAreTaken() {
        ClientBudget client =
                client(limit(Limit.Kind.ROLLING, 10, TEN).capacityIn("Limit").remaining("Left"));
        told(client, 1, "Left", 4);
        assertThat(standing(client))
                .as("of the ten declared")
                .extracting(ClientBudget.Standing::capacity, ClientBudget.Standing::used)
                .containsExactly(10L, 6L);
        end(begin(client, 1), true, Map.of("Limit", "50", "Left", "30"));
        assertThat(standing(client))
                .extracting(ClientBudget.Standing::capacity, ClientBudget.Standing::used)
                .containsExactly(50L, 20L);
        end(begin(client, 1), true, Map.of("Limit", "0", "Left", "60"));
        assertThat(standing(client))
                .as("more left than fits: nobody else uses it")
                .extracting(ClientBudget.Standing::capacity, ClientBudget.Standing::used)
                .containsExactly(50L, 3L);
    }

    /** A call under way may be in the venue's count or not; neither accuses anybody. */
    @Test
    void answered_venueCountsMoreThanOurCalls_isSaidOnceAndOnlyWhenItGrows() {
        Limit limit = limit(Limit.Kind.ROLLING, 100, TEN).used("Used");
        ClientBudget client = client(limit);
        time.advance(Duration.ofSeconds(11));
        assertThat(told(client, 1, "Used", 31))
                .as("an earlier process of ours may have used it")
                .isEmpty();
        time.advance(Duration.ofSeconds(11));
        assertThat(told(client, 1, "Used", 1)).isEmpty();
        Ticket underWay = begin(client, 4);
        assertThat(told(client, 1, "Used", 6)).as("four of them are under way").isEmpty();
        assertThat(told(client, 1, "Used", 37)).containsExactly(new Moved(limit, 37 - 3 - 4, 100));
        assertThat(told(client, 1, "Used", 38)).as("no more than is known").isEmpty();
        assertThat(told(client, 1, "Used", 40)).containsExactly(new Moved(limit, 40 - 5 - 4, 100));
        end(underWay, true, Map.of());
        time.advance(Duration.ofSeconds(10).plusNanos(1));
        time.advance(Duration.ofSeconds(1));
        assertThat(told(client, 1, "Used", 11))
                .as("another period, so that ten are news again")
                .containsExactly(new Moved(limit, 10, 100));
    }

    @Test
    void answered_venueCountsMore_isSaidFromElevenTenthsOfAPeriodOn() {
        Limit limit = limit(Limit.Kind.ROLLING, 100, TEN).used("Used");
        ClientBudget client = client(limit);
        time.advance(Duration.ofSeconds(11));
        assertThat(told(client, 1, "Used", 31)).isEmpty();
        time.advance(Duration.ofNanos(1));
        assertThat(told(client, 1, "Used", 32)).containsExactly(new Moved(limit, 30, 100));
        time.advance(TEN);
        assertThat(told(client, 1, "Used", 31)).as("not yet a period ago").isEmpty();
        time.advance(Duration.ofNanos(1));
        assertThat(told(client, 1, "Used", 32))
                .as("two of ours count, and two have just gone")
                .containsExactly(new Moved(limit, 28, 100));
    }

    /** A venue may let calls go in steps of a twentieth of the period. */
    @Test
    void answered_callsThatHaveJustGone_mayStillBeInTheVenuesCount() {
        Limit limit = limit(Limit.Kind.ROLLING, 100, TEN).used("Used");
        ClientBudget client = client(limit);
        time.advance(Duration.ofSeconds(20));
        take(client, 20);
        time.advance(Duration.ofMillis(10_499));
        assertThat(told(client, 1, "Used", 21)).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(told(client, 1, "Used", 22)).containsExactly(new Moved(limit, 20, 100));
        Ticket slow = begin(client, 1);
        time.advance(Duration.ofSeconds(10).plusMillis(600)); // the two that counted when it went out have gone
        assertThat(end(slow, true, Map.of("Used", "3"))).isEmpty();
    }

    /** What leaks while a call is under way is made up for, and one for what each side rounds. */
    @Test
    void answered_leakyVenueCountsMore_isSaidWithoutWhatMayHaveLeaked() {
        Limit limit = limit(Limit.Kind.LEAKY, 100, Duration.ofSeconds(100)).used("Used");
        ClientBudget client = client(limit);
        time.advance(Duration.ofSeconds(111));
        assertThat(told(client, 4, "Used", 31)).containsExactly(new Moved(limit, 31 - 4 - 2, 100));
        ClientBudget other = new ClientBudget(new VenueBudget(), List.of(limit), clock, "b", "b");
        time.advance(Duration.ofSeconds(111));
        Ticket slow = begin(other, 1);
        time.advance(Duration.ofSeconds(5));
        assertThat(end(slow, true, Map.of("Used", "31"))).containsExactly(new Moved(limit, 31 - 1 - 5 - 2, 100));
    }

    /** Three are under way, and may be in the venue's count; of the five before, two have leaked. */
    @Test
    void answered_leakyVenueCountsLess_isTakenAsFarAsItIsCertain() {
        ClientBudget client = client(limit(Limit.Kind.LEAKY, 10, TEN).used("Used"));
        take(client, 5);
        Ticket slow = begin(client, 1);
        begin(client, 3);
        time.advance(Duration.ofSeconds(2));
        end(slow, true, Map.of("Used", "2"));
        assertThat(used(client)).isEqualTo(2 + 3);
    }

    @Test
    void answered_whatIsLeft_accusesNobodyBeforeTheCapacityIsTold() {
        Limit limit = limit(Limit.Kind.ROLLING, 100, TEN).remaining("Left");
        ClientBudget client = client(limit);
        time.advance(Duration.ofSeconds(12));
        assertThat(told(client, 1, "Left", 60)).isEmpty();
        client.published("calls", 100);
        assertThat(told(client, 1, "Left", 59)).containsExactly(new Moved(limit, 41 - 2, 100));
    }

    @Test
    void published_capacity_holdsForAllClientsAndLaterOnes() {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 10, TEN));
        client.published("other", 77);
        assertThat(standing(client).capacity()).isEqualTo(10);
        client.published("calls", 20);
        assertThat(standing(client).capacity()).isEqualTo(20);
        assertThat(client.untilFits("calls", 20)).contains(Duration.ZERO);
        assertThat(client.untilFits("calls", 21)).isEmpty();
        assertThat(client.untilFits("none", 1)).isEmpty();
        take(client, 20);
        assertThat(client.untilFits("calls", 1)).contains(TEN);
        Limit ofKeys = Limit.rolling("calls", Scope.KEY, 10, TEN);
        assertThat(standing(client("b", ofKeys)).capacity()).isEqualTo(20);
    }

    // ---- refusals

    private Duration refuse(ClientBudget client, long units, String code, boolean ban, @Nullable Duration told) {
        Ticket ticket = begin(client, units);
        end(ticket, false, Map.of());
        return ticket.refused(code, ban, told);
    }

    /** A count that was rising has met the limit; near the capacity it is halved; far below it is about some other limit. */
    @ParameterizedTest
    @CsvSource({"24, 100", "25, 25", "60, 60", "89, 89", "90, 50", "98, 50", "99, 100"})
    void refused_below_teachesWhatFits(long before, long learnt) {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 100, Duration.ofHours(3)));
        take(client, before);
        refuse(client, 1, "", false, Duration.ofSeconds(1));
        assertThat(standing(client).capacity()).isEqualTo(learnt);
        time.advance(Duration.ofHours(1));
        assertThat(standing(client).capacity()).isEqualTo(learnt);
        time.advance(Duration.ofNanos(1));
        assertThat(standing(client).capacity()).as("after an hour").isEqualTo(100);
    }

    @Test
    void refused_nobodySaysForHowLong_waitsByTheKindOfTheLimit() {
        exactClock();
        assertThat(refuse(fresh(limit(Limit.Kind.ALIGNED, 10, MINUTE)), 1, "", false, null))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(refuse(fresh(limit(Limit.Kind.ROLLING, 10, TEN)), 1, "", false, null))
                .isEqualTo(TEN);
        assertThat(refuse(fresh(limit(Limit.Kind.ROLLING, 10, Duration.ofHours(1))), 1, "", false, null))
                .isEqualTo(MINUTE);
        assertThat(refuse(fresh(limit(Limit.Kind.LEAKY, 10, TEN)), 1, "", false, null))
                .isEqualTo(Duration.ofMillis(2_500));
        assertThat(refuse(fresh(), 1, "", false, null)).isEqualTo(Duration.ofSeconds(1));
        assertThat(refuse(fresh(), 1, "", true, null)).isEqualTo(Duration.ofMinutes(10));
        assertThat(refuse(fresh(), 1, "", true, Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));
    }

    private ClientBudget fresh(Limit... limits) {
        return new ClientBudget(new VenueBudget(), List.of(limits), clock, "a", "a");
    }

    @Test
    void refused_limitOfAKey_stopsThatKeyAlone_limitOfTheAddressStopsAll() {
        Limit address = limit(Limit.Kind.ROLLING, 100, TEN).breach("IP");
        Limit key =
                Limit.rolling("of a key", Scope.KEY, 100, TEN).withReserve(0).breach("KEY");
        ClientBudget a = client("a", address, key);
        ClientBudget b = client("b", address, key);
        Ticket early = a.ticket(call(1), Priority.ORDER);
        assertThat(early.poll()).isZero();
        assertThat(early.isOverruled()).isFalse();

        refuse(a, 1, "KEY", false, Duration.ofSeconds(5));
        assertThat(early.isOverruled()).isTrue();
        assertThat(wait(a, 1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(wait(b, 1)).isZero();
        Ticket held = a.ticket(call(1), Priority.ORDER);
        held.poll();
        assertThat(held.reason()).isEqualTo("asked to wait");
        held.leave();

        refuse(b, 1, "IP", false, Duration.ofSeconds(3));
        assertThat(wait(b, 1)).isEqualTo(Duration.ofSeconds(3));
        assertThat(wait(a, 1)).as("the longer of both").isEqualTo(Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(5));
        assertThat(early.isOverruled()).isFalse();
        assertThat(wait(a, 1)).as("after a refusal one goes alone").isPositive();
        early.unsent();
        assertThat(wait(a, 1)).isZero();
    }

    @Test
    void refused_noCodeOfALimit_theFullestIsTakenToBePassed() {
        for (boolean fullestFirst : new boolean[] {true, false}) {
            Limit full = Limit.rolling("full", Scope.KEY, 10, TEN).withReserve(0);
            Limit roomy = Limit.rolling("roomy", Scope.IP, 1_000, TEN).withReserve(0);
            VenueBudget both = new VenueBudget();
            List<Limit> limits = fullestFirst ? List.of(full, roomy) : List.of(roomy, full);
            ClientBudget a = new ClientBudget(both, limits, clock, "a", "a");
            ClientBudget b = new ClientBudget(both, limits, clock, "b", "b");
            for (int i = 0; i < 5; i++) {
                take(a, 1);
            }
            refuse(a, 1, "unknown", false, Duration.ofSeconds(5));
            assertThat(a.untilFits(call(1), Priority.ORDER))
                    .as("five fit, as it has taught, and six count")
                    .contains(TEN);
            assertThat(b.untilFits(call(1), Priority.ORDER)).contains(Duration.ZERO);
            assertThat(a.standings())
                    .filteredOn(standing -> standing.name().equals("full"))
                    .extracting(ClientBudget.Standing::capacity)
                    .containsExactly(5L);
        }
    }

    @Test
    void refused_shorterWordAfterALongerOne_theLongerHolds() {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 100, TEN));
        Ticket first = begin(client, 1);
        Ticket second = begin(client, 1);
        Ticket third = begin(client, 1);
        for (Ticket each : List.of(first, second, third)) {
            end(each, false, Map.of());
        }
        first.refused("", true, Duration.ofSeconds(20));
        second.refused("", false, Duration.ofSeconds(4));
        assertThat(wait(client, 1)).isEqualTo(Duration.ofSeconds(20));
        Ticket held = client.ticket(call(1), Priority.ORDER);
        assertThat(held.poll()).isEqualTo(Duration.ofSeconds(20).toNanos());
        assertThat(held.reason()).isEqualTo("has locked us out");
        held.leave();
        third.refused("", true, Duration.ofSeconds(60));
        assertThat(wait(client, 1)).isEqualTo(MINUTE);
        time.advance(MINUTE);
        assertThat(wait(client, 1)).isZero();
        Ticket after = begin(client, 1);
        end(after, false, Map.of());
        after.refused("", false, Duration.ofSeconds(1));
        Ticket later = client.ticket(call(1), Priority.ORDER);
        later.poll();
        assertThat(later.reason()).as("the ban is over").isEqualTo("asked to wait");
    }

    /** After a wait that the venue asked for its window is empty, and one call goes alone until it has been accepted. */
    @Test
    void refused_andTheWaitIsOver_oneCallFindsOut() {
        exactClock();
        ClientBudget client = client(limit(Limit.Kind.ALIGNED, 100, MINUTE));
        take(client, 10);
        refuse(client, 1, "", false, Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(5));
        assertThat(used(client)).as("the venue's word is better than our count").isZero();
        Ticket alone = begin(client, 1);
        assertThat(wait(client, 1)).isEqualTo(Duration.ofMillis(5));
        end(alone, true, Map.of());
        begin(client, 1);
        assertThat(wait(client, 1)).as("it was accepted").isZero();
    }

    @ParameterizedTest
    @CsvSource({"5, 3", "3, 5"})
    void refused_twoWords_theLaterCounts(int first, int second) {
        exactClock();
        ClientBudget client = client(limit(Limit.Kind.ALIGNED, 100, MINUTE));
        take(client, 10);
        Ticket one = begin(client, 1);
        Ticket two = begin(client, 1);
        end(one, false, Map.of());
        end(two, false, Map.of());
        one.refused("", false, Duration.ofSeconds(first));
        two.refused("", false, Duration.ofSeconds(second));
        time.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(used(client)).isEqualTo(12);
        time.advance(Duration.ofNanos(1));
        assertThat(used(client)).isZero();
    }

    /** After a refusal of which nobody says how long it holds, and after a ban of which somebody does. */
    @ParameterizedTest
    @CsvSource({"false,", "true, PT5S"})
    void refused_onceMore_oneCallFindsOut(boolean ban, @Nullable Duration told) {
        ClientBudget client = client(limit(Limit.Kind.ROLLING, 100, TEN));
        Duration wait = refuse(client, 1, "", ban, told);
        time.advance(wait);
        Ticket alone = begin(client, 1);
        assertThat(wait(client, 1)).isEqualTo(Duration.ofMillis(5));
        end(alone, true, Map.of());
        begin(client, 1);
        assertThat(wait(client, 1)).isZero();
    }

    @Test
    void isByAge_limitsThatDependOnTheAgeOfAnOrder_areTold() {
        assertThat(client(limit(Limit.Kind.LEAKY, 10, TEN)).isByAge()).isFalse();
        assertThat(client(io.intaglio.signing.venue.KrakenSpot.VENUE.limits().toArray(new Limit[0]))
                        .isByAge())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "' 17 ', 17",
        "9, 9",
        "123456789012345, 123456789012345",
        "1234567890123456, -1",
        "-1, -1",
        "1.5, -1",
        "'', -1",
        "1:, -1",
        "/1, -1"
    })
    void whole_textOfAHeader_isReadStrictly(String text, long number) {
        assertThat(Numbers.whole(text)).isEqualTo(number);
    }
}
