package io.intaglio.signing.vector;

import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The vector files of the tests, one a venue, and the list of the cases that are left out. */
public final class Vectors {
    private Vectors() {}

    /** Every file by the name of its venue. */
    public static Map<String, VectorFile> files() {
        Map<String, VectorFile> files = new LinkedHashMap<>();
        for (Path path : list(folder())) {
            String name = path.getFileName().toString();
            files.put(name.substring(0, name.length() - ".json".length()), VectorFile.read(path));
        }
        return files;
    }

    /** Every case that is replayed. */
    public static List<VectorCase> replayed() {
        Map<String, String> leftOut = leftOut();
        return files().values().stream()
                .flatMap(file -> file.cases().stream())
                .filter(vector -> !leftOut.containsKey(vector.toString()))
                .toList();
    }

    /** Every case that is replayed and is an HTTP request. */
    public static List<VectorCase> requests() {
        return replayed().stream().filter(vector -> !vector.isLogon()).toList();
    }

    /** The replayed cases of a venue. */
    public static List<VectorCase> of(Venue venue) {
        return replayed().stream()
                .filter(vector -> vector.venue().equals(venue.name()))
                .toList();
    }

    /** The reason for each case left out, by venue and name. */
    public static Map<String, String> leftOut() {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (String line : lines(folder().resolve("left-out.txt"))) {
            if (!line.startsWith("#")) {
                int colon = line.indexOf(": ");
                reasons.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        return reasons;
    }

    /** The venue that a file is for, found by name or alias, or null. */
    public static Venue venueOf(VectorFile file) {
        return Venues.all().stream()
                .filter(venue ->
                        venue.name().equals(file.venue()) || venue.aliases().contains(file.venue()))
                .findFirst()
                .orElse(null);
    }

    /** The JSON files of a folder, sorted. */
    public static List<Path> list(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the files are. */
    public static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(Vectors.class.getResource("/vectors"), "folder vectors")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
