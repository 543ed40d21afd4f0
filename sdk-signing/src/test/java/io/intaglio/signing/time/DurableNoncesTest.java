package io.intaglio.signing.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurableNoncesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("kraken.nonce");
    }

    private NonceSource source() {
        return NonceSource.durable(file(), NonceUnit.MICROS);
    }

    private static long draw(NonceSource source, Instant now) {
        return Long.parseLong(source.next(now));
    }

    @ParameterizedTest
    @EnumSource(NonceUnit.class)
    void next_firstDraw_isAboveTheClockByAFewSecondsAtMost(NonceUnit unit) {
        try (NonceSource source = NonceSource.durable(file(), unit)) {
            long clock = unit.of(NOW);
            assertThat(draw(source, NOW)).isBetween(clock, unit.of(NOW.plusSeconds(20)));
        }
    }

    @Test
    void next_clockStepsBackAndForth_risesAlways() {
        long last = 0;
        try (NonceSource source = source()) {
            for (long hours : new long[] {0, -1, 1, 0, -24, 24, -24}) {
                for (int i = 0; i < 1_000; i++) {
                    long nonce = draw(source, NOW.plus(Duration.ofHours(hours)));
                    assertThat(nonce).isGreaterThan(last);
                    last = nonce;
                }
            }
        }
    }

    @Test
    void next_afterRestarts_goesOnAboveEvenWithTheClockBehind() {
        long last = 0;
        for (int restart = 0; restart < 50; restart++) {
            try (NonceSource source = source()) {
                for (int i = 0; i < 100; i++) {
                    long nonce = draw(source, NOW.minusSeconds(restart * 3_600L));
                    assertThat(nonce).isGreaterThan(last);
                    last = nonce;
                }
            }
        }
    }

    @Test
    void next_neverClosed_goesOnAbove() {
        long last = 0;
        for (int i = 0; i < 20; i++) {
            long nonce = draw(source(), NOW); // as after kill -9: nothing is written on the way out
            assertThat(nonce).isGreaterThan(last);
            last = nonce;
        }
    }

    /** Every nonce that was given lies under a mark that is on disk: what a power failure leaves. */
    @Test
    void next_powerFailureLosesTheMappedWord_beginsAboveTheMark() throws IOException {
        SplittableRandom random = new SplittableRandom(20260301);
        long last = 0;
        for (int crash = 0; crash < 30; crash++) {
            Instant now = NOW.plusMillis(crash * 7_000L);
            try (NonceSource source = source()) {
                for (int i = 0; i < random.nextInt(1, 5_000); i++) {
                    last = Math.max(last, draw(source, now.plusNanos(i * 1_500_000L)));
                }
            }
            write(DurableNonces.LAST, 0);
            try (NonceSource source = source()) {
                assertThat(draw(source, NOW)).as("crash %d", crash).isGreaterThan(last);
                last = draw(source, NOW);
            }
        }
    }

    @Test
    void next_anyBitOfTheMarkDamaged_refusesByName() throws IOException {
        for (int bit = 0; bit < 24 * 8; bit += 5) {
            Files.deleteIfExists(file());
            try (NonceSource source = source()) {
                draw(source, NOW);
            }
            flip(DurableNonces.MARK * 8 + bit);
            assertRefused("is damaged");
        }
    }

    @Test
    void next_lastNonceDamaged_beginsAboveTheMark() throws IOException {
        for (long wrong : new long[] {0, -1, Long.MIN_VALUE, 1_000}) {
            Files.deleteIfExists(file());
            long last;
            try (NonceSource source = source()) {
                last = draw(source, NOW.plusSeconds(60));
            }
            write(DurableNonces.LAST, wrong);
            try (NonceSource source = source()) {
                assertThat(draw(source, NOW)).isGreaterThan(last);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 64, 511, 4_095, 4_097, 100_000})
    void next_otherLength_refusesByName(int length) throws IOException {
        try (NonceSource source = source()) {
            draw(source, NOW);
        }
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.setLength(length);
        }
        assertRefused("has " + length + " bytes instead of 4096");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 16, 23, 64, 88, 100, 4_088, 4_095})
    void next_shortenedWhileInUse_refusesByName(int length) throws IOException {
        try (NonceSource source = source()) {
            for (int i = 0; i < 20_000; i++) { // so that compiled code meets the fault too
                draw(source, NOW);
            }
            try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
                raw.setLength(length);
            }
            // the JVM may tell of the lost page a little later, by an error of its own; a nonce is never given
            assertThatThrownBy(() -> source.next(NOW)).isInstanceOfAny(NonceException.class, InternalError.class);
        } catch (InternalError toldLater) {
            assertThat(toldLater).hasMessageContaining("unsafe memory access");
        }
    }

    @Test
    void next_removedWhileInUse_refusesByNameWhenTheMarkIsReached() throws IOException {
        try (NonceSource source = source()) {
            draw(source, NOW);
            Files.delete(file());
            assertThatThrownBy(() -> source.next(NOW.plusSeconds(60)))
                    .isInstanceOf(NonceException.class)
                    .hasMessageContaining("was removed while in use");
        }
    }

    @Test
    void next_replacedWhileInUse_goesOnInTheNewFileAboveTheOldOne() throws IOException {
        try (NonceSource first = source()) {
            long last = draw(first, NOW.plusSeconds(3_600));
            Files.delete(file());
            try (NonceSource second = source()) {
                draw(second, NOW);
                long later = draw(first, NOW.plusSeconds(3_700));
                assertThat(later).isGreaterThan(last);
                assertThat(draw(second, NOW)).isGreaterThan(later);
            }
        }
    }

    @Test
    void next_replacedAndTheClockSetBack_goesOnAboveTheOldOne() throws IOException {
        try (NonceSource first = new DurableNonces(file(), NonceUnit.MILLIS, time -> time)) {
            long last = draw(first, NOW.plusSeconds(3_600));
            Files.delete(file());
            try (NonceSource second = new DurableNonces(file(), NonceUnit.MILLIS, time -> time)) {
                second.next(NOW);
                for (int i = 0; i < 1_100; i++) { // past the mark, where the other file is noticed
                    long later = draw(first, NOW);
                    assertThat(later).isGreaterThan(last);
                    last = later;
                }
                assertThat(draw(second, NOW)).isGreaterThan(last);
            }
        }
    }

    @Test
    void next_refusedReplacedOrClosed_leavesNoFileOpen() throws IOException {
        Path handles = Path.of("/proc/self/fd");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(handles), "no /proc here");
        NonceSource first = source();
        draw(first, NOW);
        assertThat(open(handles)).isEqualTo(1);

        assertThatThrownBy(() -> NonceSource.durable(file(), NonceUnit.SECONDS).next(NOW))
                .isInstanceOf(NonceException.class);
        assertThat(open(handles)).as("after a refusal").isEqualTo(1);
        flip(DurableNonces.MARK * 8);
        assertRefused("is damaged");
        flip(DurableNonces.MARK * 8);
        assertThat(open(handles)).as("after a damaged mark").isEqualTo(1);

        Files.delete(file());
        NonceSource second = source();
        draw(second, NOW);
        assertThat(open(handles)).isEqualTo(2);
        draw(first, NOW.plusSeconds(60));
        assertThat(open(handles)).as("two of the new file, none of the old one").isEqualTo(2);

        first.close();
        second.close();
        assertThat(open(handles)).as("after both were closed").isZero();
    }

    /** How many of this process's open files are, or were, at the path. */
    private long open(Path handles) throws IOException {
        String name = file().toRealPath().toString();
        try (var links = Files.list(handles)) {
            return links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().startsWith(name);
                        } catch (IOException e) {
                            return false; // the listing's own handle
                        }
                    })
                    .count();
        }
    }

    @Test
    void next_olderCopyPutInPlaceWhileInUse_refusesByName() throws IOException {
        Path copy = folder.resolve("copy");
        try (NonceSource source = source()) {
            draw(source, NOW);
            Files.copy(file(), copy);
            draw(source, NOW.plusSeconds(60));
            draw(source, NOW.plusSeconds(120));
            Files.write(file(), Files.readAllBytes(copy)); // same file, older content
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            source.next(NOW.plusSeconds(180 + i));
                        }
                    })
                    .isInstanceOf(NonceException.class)
                    .hasMessageContaining("while in use");
        }
    }

    @Test
    void next_olderCopyRestoredASecondLater_beginsAboveTheClock() throws IOException {
        Path copy = folder.resolve("copy");
        try (NonceSource source = source()) {
            draw(source, NOW);
        }
        Files.copy(file(), copy, StandardCopyOption.COPY_ATTRIBUTES);
        long last;
        try (NonceSource source = source()) {
            last = draw(source, NOW.plusSeconds(600));
        }
        Files.move(copy, file(), StandardCopyOption.REPLACE_EXISTING);
        try (NonceSource source = source()) {
            assertThat(draw(source, NOW.plusSeconds(601))).isGreaterThan(last);
        }
    }

    private static UnaryOperator<Duration> noting(List<Duration> waits) {
        return time -> {
            waits.add(time);
            return time;
        };
    }

    private static UnaryOperator<Duration> moving(AtomicReference<Instant> clock) {
        return time -> {
            clock.updateAndGet(now -> now.plus(time));
            return time;
        };
    }

    /** Draws as fast as it can on a clock that only waiting moves; then an older copy of the file is put back. */
    private boolean comesAgain(NonceUnit unit, int draws, UnaryOperator<Duration> pause, AtomicReference<Instant> clock)
            throws IOException {
        Path copy = folder.resolve("copy");
        long last = 0;
        try (NonceSource source = new DurableNonces(file(), unit, pause)) {
            draw(source, clock.get());
            Files.copy(file(), copy);
            for (int i = 0; i < draws; i++) {
                last = draw(source, clock.get());
            }
        }
        Files.move(copy, file(), StandardCopyOption.REPLACE_EXISTING);
        try (NonceSource source = new DurableNonces(file(), unit, pause)) {
            return draw(source, clock.get()) <= last;
        }
    }

    @ParameterizedTest
    @EnumSource(NonceUnit.class)
    void next_olderCopyRestoredAtOnceAfterFastDraws_noneComesAgain(NonceUnit unit) throws IOException {
        AtomicReference<Instant> clock = new AtomicReference<>(NOW);
        assertThat(comesAgain(unit, 2_500, moving(clock), clock)).isFalse();
    }

    /** Shows that the check can fail: draws that do not wait run ahead of the clock, and come again. */
    @Test
    void comesAgain_plantedFaultNobodyWaits_isFound() throws IOException {
        assertThat(comesAgain(NonceUnit.MILLIS, 2_500, time -> time, new AtomicReference<>(NOW)))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(NonceUnit.class)
    void next_fastDraws_areAtMostASecondAheadAndDense(NonceUnit unit) {
        AtomicReference<Instant> clock = new AtomicReference<>(NOW);
        long first = 0;
        long last = 0;
        try (NonceSource source = new DurableNonces(file(), unit, moving(clock))) {
            for (int i = 0; i < 2_500; i++) {
                last = draw(source, clock.get());
                first = i == 0 ? last : first;
                assertThat(last).isLessThanOrEqualTo(unit.of(clock.get().plusSeconds(1)));
            }
        }
        assertThat(last - first).isEqualTo(2_499); // waiting throws nothing away
    }

    @Test
    void next_anotherTakesEachNonceThatBecomesFree_refusesNamingTheRate() {
        AtomicReference<Instant> clock = new AtomicReference<>(NOW);
        UnaryOperator<Duration> moving = moving(clock);
        AtomicReference<Duration> waited = new AtomicReference<>(Duration.ZERO);
        try (NonceSource rival = new DurableNonces(file(), NonceUnit.SECONDS, moving);
                NonceSource source = new DurableNonces(file(), NonceUnit.SECONDS, time -> {
                    moving.apply(time);
                    waited.updateAndGet(before -> before.plus(time));
                    rival.next(clock.get());
                    return time;
                })) {
            rival.next(clock.get());
            assertThatThrownBy(() -> source.next(clock.get()))
                    .isInstanceOf(NonceException.class)
                    .hasMessage(
                            "nonces of " + file() + " are drawn faster than SECONDS counts, 1 a second, and none was"
                                    + " free within 5 s; draw fewer, or use more keys with a file each");
            assertThat(waited.get()).isEqualTo(Duration.ofSeconds(5));
        }
    }

    /** The first draw of a file may be no more than a second ahead, and takes room for 10 ms when it waits. */
    @Test
    void next_tooEarly_waitsUntilTheClockHasCountedAndNoLonger() {
        List<Duration> waits = new ArrayList<>();
        UnaryOperator<Duration> noting = noting(waits);
        try (NonceSource source = new DurableNonces(file(), NonceUnit.SECONDS, noting)) {
            source.next(NOW.plusMillis(300));
        }
        try (NonceSource source = new DurableNonces(folder.resolve("other"), NonceUnit.MILLIS, noting)) {
            source.next(NOW.plusNanos(250_000));
        }
        assertThat(waits).containsExactly(Duration.ofMillis(700), Duration.ofNanos(9_750_000));
    }

    @Test
    void next_clockHasGoneOn_doesNotWait() {
        List<Duration> waits = new ArrayList<>();
        try (NonceSource source = new DurableNonces(file(), NonceUnit.MILLIS, noting(waits))) {
            source.next(NOW);
            waits.clear();
            source.next(NOW.plusSeconds(60));
            source.next(NOW.plusSeconds(120));
        }
        assertThat(waits).isEmpty();
    }

    /** What is a second and 10 ms further ahead than the mark may be can still come of fast draws; what is more cannot. */
    @Test
    void next_furtherAheadThanFastDrawsReach_takesItForAClockSetBackAndDoesNotWait() throws IOException {
        List<Duration> waits = new ArrayList<>();
        long last = NonceUnit.MILLIS.of(NOW) + 10_000;
        for (int millis : new int[] {1_010, 1_011}) {
            Files.deleteIfExists(file());
            try (NonceSource source = new DurableNonces(file(), NonceUnit.MILLIS, noting(waits))) {
                source.next(NOW);
                source.next(NOW.plusSeconds(9)); // sets the mark to ten seconds after NOW
                write(DurableNonces.LAST, last);
                waits.clear();
                // the next nonce and the room above it are last + 10; the mark may be a second ahead of the clock
                assertThat(draw(source, NOW.plusMillis(10_000 + 10 - 1_000 - millis)))
                        .isEqualTo(last + 1);
                assertThat(waits).hasSize(millis == 1_010 ? 1 : 0);
            }
        }
    }

    @Test
    void next_markWasRaisedByAnotherSource_isTakenOverAndNotWrittenAgain() throws IOException {
        UnaryOperator<Duration> noWait = time -> time;
        try (NonceSource first = new DurableNonces(file(), NonceUnit.MILLIS, noWait);
                NonceSource second = new DurableNonces(file(), NonceUnit.MILLIS, noWait)) {
            first.next(NOW);
            second.next(NOW);
            first.next(NOW.plusSeconds(60)); // the mark is a second ahead of that
            long sequence = read(DurableNonces.MARK);
            assertThat(draw(second, NOW.plusSeconds(61))).isEqualTo(NonceUnit.MILLIS.of(NOW.plusSeconds(61)));
            assertThat(read(DurableNonces.MARK)).isEqualTo(sequence);
        }
    }

    /** Draws on an interrupted thread, and takes the interruption back. */
    private static void assertInterrupted(NonceSource source, Instant now) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> source.next(now))
                .isInstanceOf(NonceException.class)
                .hasMessageContaining("the thread was interrupted while it waited for a nonce of ");
        assertThat(Thread.interrupted()).as("stays interrupted").isTrue();
    }

    @Test
    void next_interruptedAtTheFirstDraw_refusesAndStaysInterrupted() {
        try (NonceSource source = source()) {
            assertInterrupted(source, NOW);
            assertThat(draw(source, NOW)).isPositive();
        }
    }

    @Test
    void next_interruptedWhileWaiting_refusesAndStaysInterrupted() {
        try (NonceSource source = new DurableNonces(file(), NonceUnit.SECONDS, time -> {
            Thread.currentThread().interrupt();
            return time;
        })) {
            assertThatThrownBy(() -> source.next(NOW))
                    .isInstanceOf(NonceException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Java closes the channel of the file. */
    @Test
    void next_interruptedWhenTheMarkIsReached_goesOnAboveAllThatWasGiven() {
        long last = 0;
        try (NonceSource interrupted = new DurableNonces(file(), NonceUnit.MILLIS, time -> time);
                NonceSource other = new DurableNonces(file(), NonceUnit.MILLIS, time -> time)) {
            for (int i = 0; i < 20; i++) {
                Instant now = NOW.plusSeconds(60L * i);
                for (NonceSource source : List.of(interrupted, other, interrupted)) {
                    long nonce = draw(source, now);
                    assertThat(nonce).isGreaterThan(last);
                    last = nonce;
                }
                assertInterrupted(interrupted, now.plusSeconds(30));
            }
        }
    }

    @Test
    void next_replacedAndTheClockSetBackAfterAnInterruption_goesOnAboveTheOldOne() throws IOException {
        try (NonceSource source = new DurableNonces(file(), NonceUnit.MILLIS, time -> time)) {
            long last = draw(source, NOW.plusSeconds(3_600));
            assertInterrupted(source, NOW.plusSeconds(3_700));
            Files.delete(file());
            try (NonceSource other = NonceSource.durable(file(), NonceUnit.MILLIS)) {
                other.next(NOW);
            }
            assertInterrupted(source, NOW.plusSeconds(3_700)); // where it would open the new file
            for (int i = 0; i < 2_000; i++) { // past the mark, where another file is noticed
                long later = draw(source, NOW);
                assertThat(later).isGreaterThan(last);
                last = later;
            }
        }
    }

    @Test
    void next_eightThreadsInterruptedAgainAndAgain_neverTwiceAndRisingForEach() throws Exception {
        int threads = 8;
        int each = 3_000;
        List<NonceSource> sources = List.of(
                new DurableNonces(file(), NonceUnit.MICROS, time -> time),
                new DurableNonces(file(), NonceUnit.MICROS, time -> time));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Thread> drawing = new CopyOnWriteArrayList<>();
        AtomicLong clock = new AtomicLong();
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<long[]>> results = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            NonceSource mine = sources.get(t % 2);
            results.add(pool.submit(() -> {
                start.await();
                drawing.add(Thread.currentThread());
                long[] drawn = new long[each];
                for (int i = 0; i < each; ) {
                    try {
                        drawn[i] = draw(mine, NOW.plusMillis(clock.addAndGet(5)));
                        i++;
                    } catch (NonceException e) {
                        assertThat(e).hasMessageContaining("interrupted");
                        assertThat(Thread.interrupted()).isTrue();
                    }
                }
                drawing.remove(Thread.currentThread());
                return drawn;
            }));
        }
        SplittableRandom random = new SplittableRandom(20260301);
        int interrupts = 4_000; // and no more: a disk that is slower than they come would never end a draw
        while (interrupts-- > 0 && results.stream().anyMatch(result -> !result.isDone())) {
            List<Thread> now = List.copyOf(drawing);
            if (!now.isEmpty()) {
                now.get(random.nextInt(now.size())).interrupt();
            }
            LockSupport.parkNanos(200_000);
        }
        long[] all = new long[0];
        for (Future<long[]> result : results) {
            long[] drawn = result.get(120, TimeUnit.SECONDS);
            for (int i = 1; i < drawn.length; i++) {
                assertThat(drawn[i]).isGreaterThan(drawn[i - 1]);
            }
            all = LongStream.concat(LongStream.of(all), LongStream.of(drawn)).toArray();
        }
        pool.shutdown();
        assertThat(LongStream.of(all).distinct().count()).isEqualTo((long) threads * each);
        sources.forEach(NonceSource::close);
    }

    @Test
    void next_otherUnit_refusesByName() {
        try (NonceSource source = source()) {
            draw(source, NOW);
        }
        assertThatThrownBy(() -> NonceSource.durable(file(), NonceUnit.SECONDS).next(NOW))
                .isInstanceOf(NonceException.class)
                .hasMessage("nonce file " + file()
                        + " counts 1000000 in a second, but SECONDS was asked for; use another file for another venue");
    }

    @Test
    void next_otherContent_refusesByName() throws IOException {
        Files.write(file(), new byte[4_096]);
        assertRefused("is not a nonce file");
    }

    @Test
    void next_folderMissingOrNoFile_refusesByName() throws IOException {
        assertThatThrownBy(() -> NonceSource.durable(folder.resolve("no/such/file"), NonceUnit.MICROS)
                        .next(NOW))
                .isInstanceOf(NonceException.class)
                .hasMessageContaining("cannot be used: NoSuchFileException " + folder.resolve("no/such"));
        Files.createDirectory(file());
        assertRefused("cannot be used");
    }

    @Test
    void next_fullDisk_refusesByName() throws IOException {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");
        Files.createSymbolicLink(file(), full);
        assertRefused("");
    }

    @Test
    void next_closed_refuses() {
        NonceSource source = source();
        draw(source, NOW);
        source.close();
        assertThatThrownBy(() -> source.next(NOW))
                .isInstanceOfSatisfying(
                        NonceException.class, e -> assertThat(e.errorId()).isEqualTo("nonce"))
                .hasMessageContaining("was closed");
    }

    @Test
    void create_file_isReadableToItsOwnerAlone() throws IOException {
        try (NonceSource source = source()) {
            draw(source, NOW);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void next_sixteenThreadsOverFourSources_neverTwiceAndRisingForEach() throws Exception {
        int each = 20_000;
        List<NonceSource> sources = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sources.add(new DurableNonces(file(), NonceUnit.MICROS, time -> time)); // the clock below is not a real one
        }
        ExecutorService threads = Executors.newFixedThreadPool(16);
        CyclicBarrier start = new CyclicBarrier(16);
        List<Future<long[]>> results = new ArrayList<>();
        for (int t = 0; t < 16; t++) {
            NonceSource mine = sources.get(t % 4);
            results.add(threads.submit(() -> {
                start.await();
                long[] drawn = new long[each];
                for (int i = 0; i < each; i++) {
                    drawn[i] = draw(mine, NOW.plusNanos(i * 1_000L));
                }
                return drawn;
            }));
        }
        long[] all = new long[16 * each];
        int at = 0;
        for (Future<long[]> result : results) {
            long[] drawn = result.get(120, TimeUnit.SECONDS);
            for (int i = 1; i < drawn.length; i++) {
                assertThat(drawn[i]).isGreaterThan(drawn[i - 1]);
            }
            System.arraycopy(drawn, 0, all, at, each);
            at += each;
        }
        threads.shutdown();
        java.util.Arrays.sort(all);
        for (int i = 1; i < all.length; i++) {
            assertThat(all[i]).isNotEqualTo(all[i - 1]);
        }
        sources.forEach(NonceSource::close);
    }

    private void assertRefused(String why) {
        assertThatThrownBy(() -> source().next(NOW))
                .isInstanceOf(NonceException.class)
                .hasMessageContaining("nonce file " + file() + " " + why)
                .hasMessageContaining("remove the file, and start again");
    }

    private void write(int at, long value) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.seek(at);
            raw.writeLong(value);
        }
    }

    private long read(int at) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "r")) {
            raw.seek(at);
            return raw.readLong();
        }
    }

    private void flip(int bit) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.seek(bit / 8);
            int value = raw.read();
            raw.seek(bit / 8);
            raw.write(value ^ 1 << bit % 8);
        }
    }
}
