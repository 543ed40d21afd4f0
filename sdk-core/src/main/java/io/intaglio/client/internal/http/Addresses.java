package io.intaglio.client.internal.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses written as text, read without asking anyone for a name. */
public final class Addresses {
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[\\w.]+)?");

    private Addresses() {}

    /** The address that the text is, with or without brackets; null when it is a name. */
    public static @Nullable InetAddress literal(String text) {
        String bare = bare(text);
        boolean isAddress = IPV4.matcher(bare).matches() || IPV6.matcher(bare).matches();
        if (!isAddress) {
            return null;
        }
        try {
            return InetAddress.getByName(bare.contains(":") ? "[" + bare + "]" : bare);
        } catch (UnknownHostException notWhatItLooksLike) {
            return null;
        }
    }

    /** The host without the brackets that an address has in a URI. */
    static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
