package io.intaglio.client.profile;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The profiles of a TOML file. A value is taken from the first of these that has it: the system property
 * {@code intaglio.profile.NAME.KEY}, the environment variable {@code INTAGLIO_PROFILE_NAME_KEY} (upper case, {@code _} for {@code -} and
 * {@code .}; names of attributes and secrets become lower case with hyphens), the file. What the program itself sets on {@link Profile#client()} comes before all of them. A key that is not known is
 * refused, wherever it stands.
 *
 * <p>Immutable and thread-safe; the sources are read once, by the factory. Reading profiles reads no secret.
 */
public final class Profiles {
    private static final String PROPERTY = "intaglio.profile.";
    private static final String VARIABLE = "INTAGLIO_PROFILE_";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private final Path file;
    private final Map<String, Map<String, Sourced>> profiles;

    /** A value, not yet fit to be shown, and where it was found. */
    record Sourced(String value, String source) {}

    private Profiles(Path file, Map<String, Map<String, Sourced>> profiles) {
        this.file = file;
        this.profiles = profiles;
    }

    /**
     * The file that the environment variable {@code INTAGLIO_PROFILES} names, else {@code ~/.config/intaglio/profiles.toml}.
     *
     * @throws ProfileException when it does not exist, can be written by others, is not TOML or holds a key that is not known
     */
    public static Profiles standard() {
        return read(standardFile());
    }

    /** Where {@link #standard()} looks. */
    public static Path standardFile() {
        String named = System.getenv("INTAGLIO_PROFILES");
        return named != null
                ? Path.of(named)
                : Path.of(System.getProperty("user.home", ""), ".config", "intaglio", "profiles.toml");
    }

    /**
     * This file, under this JVM's environment and system properties.
     *
     * @throws ProfileException as {@link #standard()} does
     */
    public static Profiles read(Path file) {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTY))
                .forEach(name -> properties.put(name, System.getProperty(name, "")));
        return read(file, System.getenv(), properties);
    }

    /** With an environment and system properties of its own, for tests. */
    static Profiles read(Path file, Map<String, String> environment, Map<String, String> properties) {
        Map<String, Map<String, Sourced>> all = new LinkedHashMap<>();
        Map<String, Map<String, String>> sections = ProfileFile.read(file);
        sections.forEach((name, values) -> {
            if (!NAME.matcher(name).matches()) {
                throw new ProfileException("profiles file " + file + " has a profile '" + name
                        + "', but a name has 1 to 64 lower-case letters, digits and hyphens");
            }
            Map<String, Sourced> layered = new LinkedHashMap<>();
            values.forEach((key, value) ->
                    layered.put(checked(key, name, file.toString()), new Sourced(value, file.toString())));
            overlay(layered, name, "environment variable ", variables(name, sections.keySet(), environment));
            overlay(layered, name, "system property ", properties(name, properties));
            all.put(name, layered);
        });
        return new Profiles(file, all);
    }

    private record Found(String where, String key, String value) {}

    private static void overlay(Map<String, Sourced> layered, String name, String kind, List<Found> found) {
        for (Found one : found) {
            String source = kind + one.where;
            layered.put(checked(one.key, name, source), new Sourced(one.value, source));
        }
    }

    private static List<Found> properties(String name, Map<String, String> properties) {
        String prefix = PROPERTY + name + ".";
        return properties.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> new Found(entry.getKey(), entry.getKey().substring(prefix.length()), entry.getValue()))
                .toList();
    }

    /** A variable belongs to the longest name that fits: with {@code desk} and {@code desk-okx}, {@code ..._DESK_OKX_KEY_ID} to the second. */
    private static List<Found> variables(String name, Set<String> names, Map<String, String> environment) {
        String prefix = prefix(name);
        return environment.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .filter(entry -> names.stream()
                        .noneMatch(other ->
                                other.length() > name.length() && entry.getKey().startsWith(prefix(other))))
                .map(entry ->
                        new Found(entry.getKey(), key(entry.getKey().substring(prefix.length())), entry.getValue()))
                .toList();
    }

    private static String prefix(String name) {
        return VARIABLE + name.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
    }

    private static String key(String variable) {
        String key = variable.toLowerCase(Locale.ROOT).replace('_', '-');
        for (String table : ProfileKey.TABLES) {
            if (key.startsWith(table + "-")) {
                return table + "." + key.substring(table.length() + 1);
            }
        }
        return key;
    }

    private static boolean isKnown(String key) {
        return ProfileKey.of(key).isPresent() || ProfileKey.TABLES.stream().anyMatch(table -> isNamed(key, table));
    }

    private static boolean isNamed(String key, String table) {
        String prefix = table + ".";
        return key.startsWith(prefix)
                && (table.equals(ProfileKey.GUARD)
                        ? GuardKey.of(key.substring(prefix.length())).isPresent()
                        : key.length() > prefix.length());
    }

    private static String checked(String key, String name, String source) {
        if (!isKnown(key)) {
            throw new ProfileException("profile " + name + " has the unknown key '" + key + "' in " + source
                    + "; did you mean '" + nearest(key) + "'?");
        }
        return key;
    }

    private static String nearest(String key) {
        String guard = ProfileKey.GUARD + ".";
        return key.startsWith(guard)
                ? guard + Nearest.to(key.substring(guard.length()), GuardKey.texts())
                : Nearest.to(key, ProfileKey.texts());
    }

    /** The file they were read from. */
    public Path file() {
        return file;
    }

    /** The names, in the file's order. */
    public List<String> names() {
        return List.copyOf(profiles.keySet());
    }

    /**
     * One profile.
     *
     * @throws ProfileException when there is none of this name, naming the nearest, or a value in it cannot be right
     */
    public Profile get(String name) {
        Map<String, Sourced> values = profiles.get(name);
        if (values == null) {
            throw new ProfileException("there is no profile '" + name + "' in " + file
                    + (profiles.isEmpty()
                            ? ", which has none; add a section [" + name + "]"
                            : "; did you mean '" + Nearest.to(name, profiles.keySet()) + "'?"));
        }
        return new Profile(name, values);
    }

    /** The file and the names. */
    @Override
    public String toString() {
        return "Profiles[" + file + ": " + String.join(", ", profiles.keySet()) + "]";
    }
}
