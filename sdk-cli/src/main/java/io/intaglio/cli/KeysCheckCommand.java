package io.intaglio.cli;

import io.intaglio.client.VenueClient;
import io.intaglio.client.profile.Profile;
import io.intaglio.client.profile.Profiles;
import io.intaglio.client.profile.Setting;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Checks a key: file permissions, age, kind; and with a profile asks the venue what the key may do.",
            "Binance, Bybit and OKX answer that question."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio keys check --profile desk --refuse-if-withdraw",
            "",
            "The exit status is 6 when the policy refuses the key, 1 when anything else is wrong."
        })
final class KeysCheckCommand implements Callable<Integer> {
    private enum Level {
        OK,
        NOTE,
        FAULT,
        REFUSED
    }

    private record Finding(Level level, String text) {}

    @Parameters(arity = "0..1", paramLabel = "KEY", description = "A file or reference; or give --profile.")
    private @Nullable String source;

    @Option(names = "--profile", paramLabel = "NAME", description = "Checks the key of a profile, and asks its venue.")
    private @Nullable String profile;

    @Option(names = "--profiles-file", paramLabel = "FILE", description = "Where the profile is.")
    private @Nullable Path profilesFile;

    @Option(names = "--venue", paramLabel = "NAME", description = "Whether this venue takes the key's kind.")
    private @Nullable String venue;

    @Option(names = "--offline", description = "Do not ask the venue.")
    private boolean offline;

    @Option(
            names = "--refuse-if-withdraw",
            description = "Refuse a key that may withdraw, or may for all that is known.")
    private boolean refuseIfWithdraw;

    @Option(names = "--max-age", paramLabel = "DAYS", description = "Note a key that is older; 365 unless set.")
    private int maxAge = 365;

    @Mixin
    private PasswordOptions password = new PasswordOptions();

    @Option(names = "--json", description = "One JSON object a finding.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final List<Finding> findings = new ArrayList<>();

    @Override
    public Integer call() {
        if ((source == null) == (profile == null)) {
            throw new UsageException("give a key or --profile NAME");
        }
        if (source != null) {
            checkSource(source);
            if (refuseIfWithdraw) {
                add(Level.REFUSED, "whether the key may withdraw is known to its venue; give --profile to ask it");
            }
        } else if (profile != null) {
            Profiles profiles = profilesFile == null ? Profiles.standard() : Profiles.read(profilesFile);
            checkProfile(profiles.get(profile));
        }
        PrintWriter out = spec.commandLine().getOut();
        Level worst = Level.OK;
        for (Finding finding : findings) {
            String level = finding.level.name().toLowerCase(Locale.ROOT);
            if (json) {
                Map<String, String> object = new LinkedHashMap<>();
                object.put("level", level);
                object.put("finding", finding.text);
                out.println(Json.line(object));
            } else {
                out.println(level + ": " + finding.text);
            }
            worst = finding.level.compareTo(worst) > 0 ? finding.level : worst;
        }
        return switch (worst) {
            case OK, NOTE -> ExitCode.OK;
            case FAULT -> ExitCode.FAULT;
            case REFUSED -> ExitCode.GUARD;
        };
    }

    private void add(Level level, String text) {
        findings.add(new Finding(level, text));
    }

    private void checkSource(String given) {
        KeySource.file(given).ifPresent(this::checkAge);
        try (Secret text = KeySource.secret(given)) {
            KeySource.file(given).ifPresent(file -> add(Level.OK, file + " can be read by its owner alone"));
            Optional<Secret> unlock = password.password("password of " + given);
            try (SigningKey key = read(text, unlock)) {
                add(Level.OK, "this is " + key.kind());
            } finally {
                unlock.ifPresent(Secret::close);
            }
        } catch (IllegalArgumentException e) {
            add(Level.FAULT, String.valueOf(e.getMessage()));
        }
    }

    private SigningKey read(Secret text, Optional<Secret> unlock) {
        if (unlock.isPresent()) {
            return KeyReader.read(text, unlock.get());
        }
        Venue taker = venue == null ? null : Venues.named(venue);
        if (taker == null) {
            return KeyReader.looksLikePem(text) ? KeyReader.read(text) : SigningKey.hmac(text);
        }
        SigningKey key = taker.scheme().readKey(text);
        if (taker.scheme().algorithms().stream().noneMatch(algorithm -> algorithm.accepts(key.kind()))) {
            key.close();
            throw new IllegalArgumentException("this is " + key.kind() + "; " + taker + " takes "
                    + taker.scheme().algorithms());
        }
        return key;
    }

    private void checkAge(Path file) {
        try {
            Instant changed = java.nio.file.Files.getLastModifiedTime(file).toInstant();
            noteAge("the file " + file + " was last written", changed);
        } catch (IOException e) {
            add(Level.NOTE, "the age of " + file + " cannot be told");
        }
    }

    private void noteAge(String what, Instant since) {
        long days = Duration.between(since, VenueClock.system().now()).toDays();
        add(
                days > maxAge ? Level.NOTE : Level.OK,
                what + " " + days + " days ago" + (days > maxAge ? "; a new key is due after " + maxAge : ""));
    }

    private void checkProfile(Profile given) {
        for (Setting setting : given.settings()) {
            if (setting.key().equals("secret") && setting.shown().startsWith("file:")) {
                checkAge(Path.of(setting.shown().substring(5)));
            }
        }
        List<String> faults = given.faults();
        faults.forEach(fault -> add(Level.FAULT, fault));
        if (!faults.isEmpty()) {
            return;
        }
        add(Level.OK, "profile " + given.name() + " can be used with " + given.venue());
        Optional<KeyFacts> facts = Optional.empty();
        if (!offline) {
            try (VenueClient client = given.client().build()) {
                facts = KeyFacts.ask(given.venue(), client);
            }
        }
        facts.ifPresentOrElse(known -> judge(given, known), () -> {
            String unknown = offline ? "the venue was not asked" : given.venue() + " is not known to tell";
            add(refuseIfWithdraw ? Level.REFUSED : Level.NOTE, "what the key may do is not known: " + unknown);
        });
    }

    private void judge(Profile given, KeyFacts facts) {
        add(Level.OK, "the venue lets the key " + String.join(", ", facts.permissions()));
        for (String permission : facts.permissions()) {
            if (!given.permissions().contains(permission)) {
                add(
                        Level.FAULT,
                        "the key may " + permission + ", but the profile says it must not; create a narrower key");
            }
        }
        boolean withdraws = facts.permissions().contains("withdraw");
        if (withdraws) {
            add(
                    refuseIfWithdraw ? Level.REFUSED : Level.NOTE,
                    "the key may withdraw; take that permission away at the venue unless it is needed");
        }
        add(
                facts.addressBound() ? Level.OK : Level.NOTE,
                facts.addressBound()
                        ? "the key works from listed addresses alone"
                        : "the key works from every address; bind it to yours at the venue");
        Instant created = facts.created();
        if (created != null) {
            noteAge("the key was made", created);
        }
        Instant expires = facts.expires();
        if (expires != null) {
            long days = Duration.between(VenueClock.system().now(), expires).toDays();
            add(
                    days < 0 ? Level.FAULT : days < 14 ? Level.NOTE : Level.OK,
                    days < 0
                            ? "the key ended at " + expires + "; create a new one"
                            : "the key, or its right to trade, ends in " + days + " days");
        }
    }
}
