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

/** The vector files of the tests, one a venue. */
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

    /** Every case of every file. */
    public static List<VectorCase> all() {
        return files().values().stream().flatMap(file -> file.cases().stream()).toList();
    }

    /** Every case that is an HTTP request. */
    public static List<VectorCase> requests() {
        return all().stream().filter(vector -> !vector.isLogon()).toList();
    }

    /** The cases of a venue. */
    public static List<VectorCase> of(Venue venue) {
        return all().stream()
                .filter(vector -> vector.venue().equals(venue.name()))
                .toList();
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
}
