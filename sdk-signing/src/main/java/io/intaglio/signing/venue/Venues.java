package io.intaglio.signing.venue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds the venues of this package. There is no list to keep: every class here with a constant {@code VENUE} is one, so that adding a venue
 * is adding a file. Thread-safe; the package is looked through once, on first use, whether it lies in a folder, a jar or a runtime image.
 */
public final class Venues {
    private static final String PACKAGE = Venues.class.getPackageName();
    private static final String FOLDER = PACKAGE.replace('.', '/') + "/";

    private static final class Holder {
        private static final List<Venue> ALL = discover();
    }

    private Venues() {}

    /** All venues, sorted by name. Unmodifiable. */
    public static List<Venue> all() {
        return Holder.ALL;
    }

    /**
     * The venue of this name or alias.
     *
     * @throws IllegalArgumentException when there is none; the message names the nearest
     */
    public static Venue named(String nameOrAlias) {
        Objects.requireNonNull(nameOrAlias, "name of a venue");
        String nearest = "";
        int best = Integer.MAX_VALUE;
        for (Venue venue : all()) {
            for (String name : names(venue)) {
                if (name.equals(nameOrAlias)) {
                    return venue;
                }
                int distance = distance(name, nameOrAlias.toLowerCase(Locale.ROOT));
                if (distance < best) {
                    best = distance;
                    nearest = name;
                }
            }
        }
        throw new IllegalArgumentException("there is no venue '" + printable(nameOrAlias) + "'; did you mean '"
                + nearest + "'? Venues.all() lists them");
    }

    private static List<String> names(Venue venue) {
        List<String> names = new ArrayList<>(venue.aliases());
        names.add(0, venue.name());
        return names;
    }

    private static List<Venue> discover() {
        Map<String, Venue> byName = new TreeMap<>();
        List<Venue> found = new ArrayList<>();
        try {
            for (String type : classNames()) {
                Venue venue = venueOf(type);
                if (venue != null) {
                    found.add(venue);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("package " + PACKAGE + " cannot be listed", e);
        }
        for (Venue venue : found) {
            for (String name : names(venue)) {
                if (byName.put(name, venue) != null) {
                    throw new IllegalStateException("two venues are named '" + name + "'; rename one of them");
                }
            }
        }
        found.sort(Comparator.comparing(Venue::name));
        return List.copyOf(found);
    }

    private static @org.jspecify.annotations.Nullable Venue venueOf(String type) {
        try {
            for (Field field :
                    Class.forName(type, false, Venues.class.getClassLoader()).getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (field.getName().equals("VENUE")
                        && field.getType() == Venue.class
                        && Modifier.isPublic(modifiers)
                        && Modifier.isStatic(modifiers)
                        && Modifier.isFinal(modifiers)) {
                    return (Venue) field.get(null);
                }
            }
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("venue class " + type + " cannot be read", e);
        }
    }

    /** Names of the top-level classes beside this one. */
    private static List<String> classNames() throws IOException {
        return files().stream()
                .filter(file -> file.startsWith(FOLDER) && file.endsWith(".class"))
                .map(file -> file.substring(FOLDER.length(), file.length() - ".class".length()))
                .filter(name -> name.indexOf('/') < 0 && name.indexOf('$') < 0 && name.indexOf('-') < 0)
                .map(name -> PACKAGE + '.' + name)
                .toList();
    }

    /** Files of the module or, on the class path, of the folder or jar from which this class came. */
    private static List<String> files() throws IOException {
        ModuleLayer layer = Venues.class.getModule().getLayer();
        if (layer != null) {
            ResolvedModule module = layer.configuration()
                    .findModule(Venues.class.getModule().getName())
                    .orElseThrow();
            try (ModuleReader reader = module.reference().open()) {
                return reader.list().toList();
            }
        }
        URL self = Objects.requireNonNull(Venues.class.getResource("Venues.class"), "class file of Venues");
        if (self.openConnection() instanceof JarURLConnection jar) {
            return jar.getJarFile().stream().map(entry -> entry.getName()).toList();
        }
        Path folder =
                Objects.requireNonNull(Path.of(URI.create(self.toString())).getParent());
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> FOLDER + file.getFileName()).toList();
        }
    }

    /** Levenshtein distance: fewest characters to add, remove or replace. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[row.length - 1];
    }

    private static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(40).forEach(c -> safe.appendCodePoint(c < 32 || c >= 127 ? '?' : c));
        return safe.toString();
    }
}
