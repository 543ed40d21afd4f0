package io.intaglio.cli;

import io.intaglio.client.Budget;
import io.intaglio.client.ClockCheck;
import io.intaglio.client.NotSentException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueException;
import io.intaglio.client.profile.Profile;
import io.intaglio.client.profile.ProfileException;
import io.intaglio.client.profile.Profiles;
import io.intaglio.client.profile.Setting;
import io.intaglio.client.tls.HandshakeCheck;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Catalogued;
import io.intaglio.signing.Credential;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Venue;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Tries all that stands between a profile and its venue, in the order in which a call needs it.",
            "Places no order: it asks for the time and for what the key may do."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio doctor desk",
            "",
            "The exit status is that of the first line that fails: 1 profile or key, 3 refused by the venue,",
            "4 throttled, 7 network or TLS, 8 clock."
        })
final class DoctorCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int WARN_DAYS = 14;

    private enum Level {
        OK,
        WARN,
        FAIL,
        SKIP
    }

    /** @param error the id of {@code docs/errors.md}, empty when what was found is no exception of the library */
    private record Line(String what, Level level, String found, String fix, int status, String error) {}

    @Parameters(paramLabel = "PROFILE", description = "The profile's name.")
    private String name = "";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Instead of $INTAGLIO_PROFILES or ~/.config/intaglio/profiles.toml.")
    private @Nullable Path file;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final List<Line> lines = new ArrayList<>();

    @Override
    public Integer call() {
        examine();
        PrintWriter out = spec.commandLine().getOut();
        for (Line line : lines) {
            if (json) {
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("check", line.what);
                object.put("level", line.level.name().toLowerCase(Locale.ROOT));
                object.put("found", line.found);
                object.put("fix", line.fix);
                object.put("error", line.error);
                out.println(Json.line(object));
            } else {
                out.println(String.format(
                        Locale.ROOT,
                        "%-5s %-12s %s",
                        line.level == Level.SKIP ? "-" : line.level.name().toLowerCase(Locale.ROOT),
                        line.what,
                        CertificateFacts.clean(line.found) + (line.error.isEmpty() ? "" : " [" + line.error + "]")));
                if (!line.fix.isEmpty()) {
                    out.println("      " + " ".repeat(12) + " -> " + CertificateFacts.clean(line.fix));
                }
            }
        }
        return lines.stream()
                .filter(line -> line.level == Level.FAIL)
                .findFirst()
                .map(Line::status)
                .orElse(ExitCode.OK);
    }

    private void ok(String what, String found) {
        lines.add(new Line(what, Level.OK, found, "", ExitCode.OK, ""));
    }

    private void warn(String what, String found, String fix) {
        lines.add(new Line(what, Level.WARN, found, fix, ExitCode.OK, ""));
    }

    private void skip(String what, String found) {
        lines.add(new Line(what, Level.SKIP, found, "", ExitCode.OK, ""));
    }

    private void fail(String what, int status, String message) {
        fail(what, status, message, "");
    }

    private void fail(String what, RuntimeException failure) {
        fail(
                what,
                ExitCode.of(failure),
                String.valueOf(failure.getMessage()),
                failure instanceof Catalogued known ? known.errorId() : "");
    }

    /** A message of this library holds the next step itself, after a semicolon. */
    private void fail(String what, int status, String message, String error) {
        int step = message.lastIndexOf("; ");
        String found = step < 0 ? message : message.substring(0, step);
        String fix = step < 0 ? "" : message.substring(step + 2);
        lines.add(new Line(what, Level.FAIL, found, fix, status, error));
    }

    /** Each check stands on the one before it; the first that fails ends those that need it. */
    private void examine() {
        Profile profile;
        Venue venue;
        Tls tls;
        try {
            profile = (file == null ? Profiles.standard() : Profiles.read(file)).get(name);
            venue = profile.venue();
            tls = profile.tls();
            List<String> faults = profile.faults();
            if (!faults.isEmpty()) {
                faults.forEach(fault -> fail("profile", ExitCode.FAULT, fault));
                return;
            }
        } catch (ProfileException e) {
            fail("profile", e);
            return;
        }
        ok("profile", name + ": " + venue + " at " + venue.baseUri());
        keyKind(profile);
        Optional<String> proxy = profile.settings().stream()
                .filter(setting -> setting.key().equals("proxy"))
                .map(Setting::shown)
                .findFirst();
        if (proxy.isPresent()) {
            skip("dns", "the proxy looks names up");
            skip("egress", "through the proxy");
        } else if (!names(venue.baseUri())) {
            return;
        }
        proxy.ifPresentOrElse(through -> ok("proxy", through), () -> skip("proxy", "none"));
        try (VenueClient client = profile.client().build()) {
            if (!connects(client)) {
                return;
            }
            if (proxy.isEmpty() && "https".equals(venue.baseUri().getScheme())) {
                handshake(venue.baseUri(), tls);
            } else {
                skip("client cert", proxy.isPresent() ? "not looked at through a proxy" : "no TLS");
            }
            if (proxy.isEmpty()) {
                clock(venue, tls);
            } else {
                skip("clock", "not measured through a proxy");
            }
            signature(profile, venue, client);
            budget(client);
        }
    }

    private void keyKind(Profile profile) {
        try (Credential credential = profile.credential()) {
            ok(
                    "key",
                    credential.shortKeyId() + ", "
                            + credential.key().map(key -> key.kind().toString()).orElse("no signing key"));
        }
    }

    private boolean names(URI address) {
        String host = Objects.requireNonNull(address.getHost());
        try {
            InetAddress[] found = InetAddress.getAllByName(host);
            long four =
                    Arrays.stream(found).filter(Inet4Address.class::isInstance).count();
            ok(
                    "dns",
                    host + " is " + found[0].getHostAddress() + "; " + four + " IPv4, " + (found.length - four)
                            + " IPv6");
            egress(found[0]);
            return true;
        } catch (UnknownHostException e) {
            fail("dns", ExitCode.NETWORK, host + " is not known; check the address, the resolver and /etc/hosts");
            return false;
        }
    }

    /** Nothing is sent: connecting a datagram socket only chooses the local address. */
    private void egress(InetAddress to) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(to, 443));
            String from = socket.getLocalAddress().getHostAddress();
            ok("egress", "from " + from + "; the venue sees the public address behind it, which its allow-list needs");
        } catch (SocketException | UncheckedIOException e) {
            warn("egress", "no local address leads to " + to.getHostAddress(), "check the routes of this host");
        }
    }

    private boolean connects(VenueClient client) {
        try {
            client.warmUp(1);
            ok("tcp", "connected");
            ok("tls", "trusted");
            return true;
        } catch (NotSentException e) {
            boolean secure = e.reason() == NotSentException.Reason.TLS;
            if (secure) {
                ok("tcp", "connected");
            }
            fail(secure ? "tls" : "tcp", e);
            return false;
        }
    }

    private void handshake(URI address, Tls tls) {
        int port = address.getPort() < 0 ? 443 : address.getPort();
        HandshakeCheck.Report report =
                new HandshakeCheck(tls, Objects.requireNonNull(address.getHost()), port, TIMEOUT).run();
        Instant now = VenueClock.system().now();
        lines.removeIf(line -> line.what.equals("tls"));
        if (report.failure().isPresent()) {
            fail("tls", ExitCode.NETWORK, report.failure().get());
        } else {
            X509Certificate server = report.serverChain().get(0);
            expiring(
                    "tls",
                    report.protocol() + ", server certificate of "
                            + server.getSubjectX500Principal().getName(),
                    CertificateFacts.days(server, now),
                    "the venue has to renew it");
        }
        X509Certificate shown = report.shown().orElse(null);
        if (shown != null) {
            expiring(
                    "client cert",
                    shown.getSubjectX500Principal().getName(),
                    CertificateFacts.days(shown, now),
                    "have it renewed, and put the new one in the place of the old: it is taken while clients run");
        } else if (report.certificateWanted()) {
            warn(
                    "client cert",
                    "the venue asks for one"
                            + (report.authorities().isEmpty()
                                    ? ""
                                    : ", issued by " + String.join(" or ", report.authorities())),
                    "give the profile a keystore");
        } else {
            skip("client cert", "the venue wants none");
        }
    }

    private void expiring(String what, String found, long days, String fix) {
        if (days < WARN_DAYS) {
            warn(what, found + ", " + days + " days left", fix);
        } else {
            ok(what, found + ", " + days + " days left");
        }
    }

    private void clock(Venue venue, Tls tls) {
        try {
            ClockCheck.Reading reading = new ClockCheck(venue, tls, 3, TIMEOUT).run();
            String found = reading.offset().toMillis() + " ms off the venue's, known to "
                    + reading.bound().toMillis() + " ms";
            switch (reading.verdict()) {
                case INSIDE, UNCHECKED -> ok("clock", found);
                case OUTSIDE ->
                    fail("clock", ExitCode.CLOCK, found + ", outside its window; synchronise this host's clock");
                case UNCERTAIN -> warn("clock", found + ", too little to be sure", "use a faster line to the venue");
            }
        } catch (VenueException e) {
            if (ExitCode.of(e) == ExitCode.CLOCK) {
                warn("clock", "the venue tells no time", "synchronise this host's clock with NTP");
            } else {
                fail("clock", e);
            }
        }
    }

    private void signature(Profile profile, Venue venue, VenueClient client) {
        ApiRequest read = SignedRead.of(venue).orElse(null);
        if (read == null) {
            skip("signature", "no read of " + venue + " is known here; try one of your own");
            skip("permissions", "not known");
            return;
        }
        try {
            client.send(read);
            ok("signature", "accepted: " + read);
        } catch (VenueException e) {
            fail("signature", e);
            return;
        }
        try {
            KeyFacts.ask(venue, client)
                    .ifPresentOrElse(
                            facts -> permissions(profile, facts),
                            () -> skip("permissions", "how to ask " + venue + " is not known here"));
        } catch (VenueException e) {
            warn("permissions", "the venue did not tell", String.valueOf(e.getMessage()));
        }
    }

    private void permissions(Profile profile, KeyFacts facts) {
        List<String> more = facts.permissions().stream()
                .filter(permission -> !profile.permissions().contains(permission))
                .toList();
        String found = "the key may " + String.join(", ", facts.permissions())
                + (facts.addressBound() ? ", from listed addresses alone" : ", from every address");
        if (!more.isEmpty()) {
            warn(
                    "permissions",
                    found,
                    "the profile does not need " + String.join(", ", more) + "; create a narrower key");
        } else if (!facts.addressBound()) {
            warn("permissions", found, "bind the key to your addresses at the venue");
        } else {
            ok("permissions", found);
        }
    }

    private void budget(VenueClient client) {
        List<String> standings = new ArrayList<>();
        for (Budget.Standing standing : client.budget().standings()) {
            standings.add(standing.limit() + " " + standing.remaining() + " of " + standing.capacity());
        }
        if (standings.isEmpty()) {
            skip("budget", "no limits of this venue are known");
        } else {
            ok("budget", String.join(", ", standings) + " left");
        }
    }
}
