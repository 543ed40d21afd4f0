package io.intaglio.client.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Whether a certificate is for a host, by RFC 9525: subject alternative names alone, addresses byte by byte, and a wildcard only as the whole first
 * label with at least two after it.
 */
final class HostNames {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%]*]?");
    private static final int DNS = 2;
    private static final int IP = 7;

    private HostNames() {}

    static boolean matches(String host, X509Certificate certificate) {
        if (isAddress(host)) {
            byte[] wanted = address(host);
            return names(certificate, IP).stream().anyMatch(name -> Arrays.equals(address(name), wanted));
        }
        return names(certificate, DNS).stream().anyMatch(name -> covers(name, host));
    }

    /** A pattern with at most a leading {@code *.}, and a host name. */
    static boolean covers(String pattern, String host) {
        String name = plain(host);
        String wanted = plain(pattern);
        if (!wanted.startsWith("*.")) {
            return !wanted.isEmpty() && wanted.indexOf('*') < 0 && wanted.equals(name);
        }
        String rest = wanted.substring(1);
        int firstDot = name.indexOf('.');
        return rest.indexOf('*') < 0
                && rest.indexOf('.', 1) > 0
                && firstDot > 0
                && name.substring(firstDot).equals(rest);
    }

    /** Those that the certificate is for, for a message. */
    static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>(names(certificate, DNS));
        names.addAll(names(certificate, IP));
        return names;
    }

    private static List<String> names(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            List<String> names = new ArrayList<>();
            for (List<?> each : Objects.requireNonNullElse(all, List.<List<?>>of())) {
                if (each.get(0) instanceof Integer is && is == kind && each.get(1) instanceof String name) {
                    names.add(name);
                }
            }
            return names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static boolean isAddress(String host) {
        return ADDRESS.matcher(host).matches();
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress(); // a literal is not looked up
        } catch (UnknownHostException e) {
            return new byte[0];
        }
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
