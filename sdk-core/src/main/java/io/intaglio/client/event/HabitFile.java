package io.intaglio.client.event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The habits of a program, kept over its restarts: a line for each hour, of hours since 1970, calls, acts and the venue. */
final class HabitFile {
    private final Path file;

    HabitFile(Path file) {
        this.file = file;
    }

    /** By venue; none when there is no file yet. */
    Map<String, Habit> read() {
        Map<String, Habit> habits = new HashMap<>();
        if (Files.notExists(file)) {
            return habits;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(" ", 4);
                habits.computeIfAbsent(parts[3], venue -> new Habit())
                        .recall(
                                Long.parseLong(parts[0]),
                                new Habit.Hour(Long.parseLong(parts[1]), Long.parseLong(parts[2])));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what detectors have learnt cannot be read from " + file, e);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    file + " is not a file of detectors, or damaged; name another, or move it away to learn anew", e);
        }
        return habits;
    }

    /** All or nothing. The temporary file, and so the file, is for its owner alone. */
    void write(Map<String, Habit> habits) throws IOException {
        List<String> lines = new ArrayList<>();
        habits.forEach((venue, habit) -> habit.hours()
                .forEach((hour, what) -> lines.add(hour + " " + what.calls() + " " + what.acts() + " " + venue)));
        Path folder = file.toAbsolutePath().getParent();
        Path next = Files.createTempFile(folder, "detectors", null);
        try {
            Files.write(next, lines);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
