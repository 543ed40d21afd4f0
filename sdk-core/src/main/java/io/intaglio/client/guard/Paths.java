package io.intaglio.client.guard;

import org.jspecify.annotations.Nullable;

/** Whether all servers read a path as it is written, so that a rule on paths cannot be passed by another spelling. */
final class Paths {
    private static final String MEANT_OTHERWISE = "-._~/\\;?#%";

    private Paths() {}

    /** Null, or why a path may be read in two ways. */
    static @Nullable String unclear(String path) {
        if (path.contains("//")) {
            return "path " + path + " has an empty segment, which some servers leave out";
        }
        if (path.indexOf(';') >= 0) {
            return "path " + path + " has a semicolon, from which some servers cut it off";
        }
        for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
            int decoded = Integer.parseInt(path, i + 1, i + 3, 16);
            boolean isPlain = decoded >= '0' && decoded <= '9'
                    || decoded >= 'A' && decoded <= 'Z'
                    || decoded >= 'a' && decoded <= 'z';
            if (isPlain || decoded < 32 || decoded == 127 || MEANT_OTHERWISE.indexOf(decoded) >= 0) {
                return "path " + path + " has " + path.substring(i, i + 3)
                        + ", which some servers decode before they look; write the character itself, or do without";
            }
        }
        return null;
    }
}
