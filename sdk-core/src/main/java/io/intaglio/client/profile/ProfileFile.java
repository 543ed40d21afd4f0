package io.intaglio.client.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** Reads the file: sections, and in each the values by key as text. */
final class ProfileFile {
    private static final int MAX_BYTES = 1 << 20;

    private ProfileFile() {}

    static Map<String, Map<String, String>> read(Path file) {
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> section : toml(file).properties()) {
            if (!section.getValue().isObject()) {
                throw new ProfileException("profiles file " + file + " has the key '" + section.getKey()
                        + "' outside of any section; put it under the name of a profile, such as [desk]");
            }
            sections.put(section.getKey(), values(file, section.getKey(), section.getValue()));
        }
        return sections;
    }

    private static JsonNode toml(Path file) {
        try {
            refuseIfOthersWrite(file);
            if (Files.size(file) > MAX_BYTES) {
                throw new ProfileException("profiles file " + file + " is larger than 1 MiB; is it the right file?");
            }
            return new TomlMapper().readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new ProfileException(
                    "profiles file " + file + " does not exist; make it, or set INTAGLIO_PROFILES to another", e);
        } catch (IOException e) {
            throw new ProfileException(
                    "profiles file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
        } catch (JacksonException e) { // its message quotes the text, where somebody may have put a secret
            throw new ProfileException("profiles file " + file + " is not TOML: fault at line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        }
    }

    /** Who writes this file chooses the host that requests go to, and the programs that secrets come from. */
    private static void refuseIfOthersWrite(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new ProfileException("profiles file " + file + " can be written by others than its owner ("
                    + PosixFilePermissions.toString(permissions) + "); close it with: chmod go-w " + file);
        }
    }

    private static Map<String, String> values(Path file, String name, JsonNode section) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : section.properties()) {
            boolean table = ProfileKey.TABLES.contains(entry.getKey());
            if (table && entry.getValue().isObject()) {
                for (Map.Entry<String, JsonNode> inner : entry.getValue().properties()) {
                    String key = entry.getKey() + "." + inner.getKey();
                    values.put(key, text(file, name, key, inner.getValue()));
                }
            } else {
                values.put(entry.getKey(), text(file, name, entry.getKey(), entry.getValue()));
            }
        }
        return values;
    }

    private static String text(Path file, String name, String key, JsonNode value) {
        if (value.isArray()) {
            StringJoiner joined = new StringJoiner(",");
            for (JsonNode item : value) {
                joined.add(text(file, name, key, item));
            }
            return joined.toString();
        }
        if (value.isObject()) {
            throw new ProfileException("profile " + name + " of " + file + " has a table '" + key
                    + "', but the tables of a profile are attributes, secrets, limits and guard");
        }
        return value.asString();
    }
}
