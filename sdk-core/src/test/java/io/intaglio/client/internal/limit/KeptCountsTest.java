package io.intaglio.client.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Priority;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Limit.Scope;
import io.intaglio.testkit.VirtualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counts that outlive a process. A kill is a second file made of the first one's bytes as they are, without any goodbye. */
class KeptCountsTest {
    private static final ApiRequest CALL = ApiRequest.get("/call");

    @TempDir
    Path folder;

    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private VenueClock clock = VenueClock.of(time, time.ticker());
    private int files;
    private CountFile file;
    private VenueBudget shared;

    private Path path() {
        return folder.resolve("counts-" + files);
    }

    private ClientBudget start(Limit... limits) {
        file = CountFile.open(path());
        shared = new VenueBudget(file, null, "venue");
        return new ClientBudget(shared, List.of(limits), clock, "key", "account");
    }

    /** Ends the process as kill -9 does, and starts another. */
    private ClientBudget restart(Limit... limits) throws IOException {
        Path before = path();
        files++;
        Files.copy(before, path(), StandardCopyOption.REPLACE_EXISTING);
        file.close();
        clock = VenueClock.of(time, time.ticker());
        return start(limits);
    }

    @AfterEach
    void closeFile() {
        if (file != null) {
            file.close();
        }
    }

    private static Limit limit(Limit.Kind kind) {
        Limit limit = switch (kind) {
            case ALIGNED -> Limit.aligned("calls", Scope.IP, 100, Duration.ofMinutes(1));
            case ROLLING -> Limit.rolling("calls", Scope.IP, 100, Duration.ofMinutes(1));
            case LEAKY -> Limit.leaky("calls", Scope.IP, 100, Duration.ofMinutes(1));
        };
        return limit.withReserve(0);
    }

    private static int send(ClientBudget budget, int most) {
        for (int sent = 0; sent < most; sent++) {
            Ticket ticket = budget.ticket(CALL, Priority.RISK_REDUCING);
            if (ticket.poll() != 0) {
                ticket.leave();
                return sent;
            }
            ticket.answered(true, "", name -> Optional.empty());
        }
        return most;
    }

    @ParameterizedTest
    @EnumSource
    void restart_inTheMiddleOfAWindow_whatWasUsedCounts(Limit.Kind kind) throws IOException {
        assertThat(send(start(limit(kind)), 70)).isEqualTo(70);
        time.advance(Duration.ofSeconds(6));
        int leaked = kind == Limit.Kind.LEAKY ? 10 : 0;
        assertThat(send(restart(limit(kind)), 100)).isBetween(30 + leaked - 1, 30 + leaked);
    }

    @ParameterizedTest
    @EnumSource
    void restart_aWindowLater_nothingCounts(Limit.Kind kind) throws IOException {
        assertThat(send(start(limit(kind)), 70)).isEqualTo(70);
        time.advance(Duration.ofSeconds(61));
        assertThat(send(restart(limit(kind)), 101)).isEqualTo(100);
    }

    /** Sends, restarts and waits by seed: in no minute of a rolling window, nor of an aligned one, does more go out than fits. */
    @ParameterizedTest
    @EnumSource
    void restart_manyTimes_neverMoreThanFits(Limit.Kind kind) throws IOException {
        SplittableRandom random = new SplittableRandom(41);
        ClientBudget budget = start(limit(kind));
        long[] perSecond = new long[3600];
        double level = 0;
        for (int second = 0; second < perSecond.length; second++) {
            if (random.nextInt(20) == 0) {
                budget = restart(limit(kind));
            }
            perSecond[second] = send(budget, random.nextInt(12));
            level = Math.max(0, level - 100 / 60.0) + perSecond[second];
            long inWindow = 0;
            int from = kind == Limit.Kind.ALIGNED ? second - second % 60 : Math.max(0, second - 59);
            for (int i = from; i <= second; i++) {
                inWindow += perSecond[i];
            }
            if (kind == Limit.Kind.LEAKY) {
                assertThat(level).as("second " + second).isLessThanOrEqualTo(102);
            } else {
                assertThat(inWindow).as("second " + second).isLessThanOrEqualTo(100);
            }
            time.advance(Duration.ofSeconds(1));
        }
        long all = 0;
        for (long each : perSecond) {
            all += each;
        }
        assertThat(all).as("of 6,000 that fit").isGreaterThan(4_500);
    }

    @Test
    void restart_callWasUnderWay_itCounts() throws IOException {
        ClientBudget budget = start(limit(Limit.Kind.ROLLING));
        Ticket lost = budget.ticket(CALL, Priority.ORDER);
        assertThat(lost.poll()).isZero();
        assertThat(send(restart(limit(Limit.Kind.ROLLING)), 100)).isEqualTo(99);
    }

    @Test
    void restart_duringABan_nobodySendsUntilItsEnd() throws IOException {
        ClientBudget budget = start(limit(Limit.Kind.ALIGNED));
        Ticket banned = budget.ticket(CALL, Priority.READ);
        assertThat(banned.poll()).isZero();
        banned.answered(false, "", name -> Optional.empty());
        banned.refused("", true, Duration.ofMinutes(20));
        time.advance(Duration.ofMinutes(5));
        ClientBudget after = restart(limit(Limit.Kind.ALIGNED));
        Ticket ticket = after.ticket(CALL, Priority.RISK_REDUCING);
        assertThat(Duration.ofNanos(ticket.poll()))
                .isBetween(Duration.ofMinutes(15), Duration.ofMinutes(15).plusMillis(2));
        assertThat(ticket.reason()).isEqualTo("has locked us out");
        time.advance(Duration.ofMinutes(16));
        assertThat(ticket.poll()).isZero();
    }

    /** A host whose clock stood a year ahead when the count was written: it is held a window, not a year. */
    @Test
    void restart_clockWasAhead_oneWindowIsWaited() throws IOException {
        VirtualClock ahead = VirtualClock.at(Instant.parse("2027-03-01T12:00:00Z"));
        clock = VenueClock.of(ahead, ahead.ticker());
        assertThat(send(start(limit(Limit.Kind.ROLLING)), 100)).isEqualTo(100);
        ClientBudget budget = restart(limit(Limit.Kind.ROLLING));
        assertThat(send(budget, 1)).isZero();
        time.advance(Duration.ofSeconds(61));
        assertThat(send(budget, 101)).isEqualTo(100);
    }

    @Test
    void open_twice_isRefused() {
        start();
        assertThatThrownBy(() -> CountFile.open(path()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "the budget file " + path()
                                + " is open in another process or client; give each process a file and a part of the limits of its own");
    }

    @Test
    void open_otherFile_isRefusedAndLeftAlone() throws IOException {
        Files.writeString(path(), "something dear");
        assertThatThrownBy(() -> CountFile.open(path()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("14 bytes, is no budget file or a damaged one; move it away");
        assertThat(path()).hasContent("something dear");
    }

    @Test
    void file_holdsNoKeyId() throws IOException {
        ClientBudget budget = start(Limit.rolling("calls", Scope.KEY, 100, Duration.ofMinutes(1)));
        send(budget, 3);
        String content = new String(Files.readAllBytes(path()), StandardCharsets.ISO_8859_1);
        assertThat(content).startsWith("intaglio-counts1").doesNotContain("key").doesNotContain("venue");
    }

    /** More counts than there are places: those that are not kept are counted all the same. */
    @Test
    void slot_moreCountsThanPlaces_theyCountWhileTheProcessLives() {
        ClientBudget budget = start(limit(Limit.Kind.ROLLING).per(ApiRequest::path));
        for (int i = 0; i < 1100; i++) {
            ApiRequest call = ApiRequest.get("/" + i);
            Ticket ticket = budget.ticket(call, Priority.READ);
            assertThat(ticket.poll()).isZero();
            ticket.answered(true, "", name -> Optional.empty());
        }
        ApiRequest last = ApiRequest.get("/1099");
        for (int i = 0; i < 99; i++) {
            Ticket ticket = budget.ticket(last, Priority.READ);
            assertThat(ticket.poll()).isZero();
            ticket.answered(true, "", name -> Optional.empty());
        }
        assertThat(budget.ticket(last, Priority.READ).poll()).isPositive();
    }
}
