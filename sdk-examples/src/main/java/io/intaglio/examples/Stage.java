package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.client.profile.Profile;
import io.intaglio.client.profile.Profiles;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an example plays on: a simulated venue on this machine, or with {@code --profile NAME} the venue of a profile; and the screen. It closes
 * what it opened. Not thread-safe.
 */
final class Stage implements AutoCloseable {
    /** The wall clock, {@code Instant.now()} in a program; the library's own rules allow it in one place alone. */
    static final InstantSource CLOCK = InstantSource.system();

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int LABEL = 14;
    private static final int WIDTH = 100;

    /** What an example does at a venue. */
    enum Use {
        /** It asks and changes nothing. */
        READ,
        /** It places orders: never on a live venue unless {@code --live} is said. */
        TRADE
    }

    /** An example. */
    interface Play {
        void run(Stage stage) throws Exception;
    }

    private record Place(
            Venue venue,
            @Nullable SimulatedVenue simulation,
            @Nullable Profile profile) {}

    private final PrintStream out;
    private final Screen screen;
    private final @Nullable VirtualClock time;
    private final List<Place> places = new ArrayList<>();
    private final List<VenueClient> clients = new ArrayList<>();
    private @Nullable Path folder;

    private Stage(PrintStream out, @Nullable VirtualClock time) {
        this.out = out;
        this.time = time;
        this.screen = new Screen();
    }

    private static Stage onScreen(@Nullable VirtualClock time) {
        return new Stage(System.out, time);
    }

    /** For tests: simulations that they hold themselves, in real time or on this clock. */
    static Stage of(PrintStream out, @Nullable VirtualClock time, SimulatedVenue... simulations) {
        Stage stage = new Stage(out, time);
        for (SimulatedVenue simulation : simulations) {
            stage.places.add(new Place(simulation.venue(), simulation, null));
        }
        return stage;
    }

    /** Plays against simulations of these venues; or, said {@code --profile NAME} once or more, against those of the profiles. */
    static void play(String[] args, Use use, Play play, Venue... venues) {
        List<String> profiles = new ArrayList<>();
        boolean live = false;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--profile") && i + 1 < args.length) {
                profiles.add(args[++i]);
            } else if (args[i].equals("--live")) {
                live = true;
            } else {
                throw new Refusal("'" + args[i] + "' is not understood; wanted --profile NAME"
                        + (use == Use.TRADE ? ", and --live to trade on a live venue" : ""));
            }
        }
        try (Stage stage = onScreen(null)) {
            for (String name : profiles) {
                stage.places.add(stage.place(Profiles.standard().get(name), use, live, venues));
            }
            for (Venue venue : profiles.isEmpty() ? venues : new Venue[0]) {
                stage.add(SimulatedVenue.of(venue));
            }
            stage.perform(play);
        }
    }

    /** Plays what only a simulation allows: it breaks the venue on purpose. Without a simulation the example brings its own server. */
    static void playSimulated(String[] args, Play play, SimulatedVenue.Builder... simulations) {
        play(args, play, null, simulations);
    }

    /** The same on a virtual clock: venue and client wait as long as they must, and at once. */
    static void playInVirtualTime(String[] args, Play play, SimulatedVenue.Builder simulation) {
        VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        play(args, play, time, simulation.clock(time));
    }

    private static void play(
            String[] args, Play play, @Nullable VirtualClock time, SimulatedVenue.Builder... simulations) {
        if (args.length > 0) {
            throw new Refusal(
                    "this example takes no arguments: it breaks what it talks to, which only a simulated venue allows; "
                            + "with a profile run first-call, place-query-cancel or portfolio");
        }
        try (Stage stage = onScreen(time)) {
            for (SimulatedVenue.Builder simulation : simulations) {
                stage.add(simulation);
            }
            stage.perform(play);
        }
    }

    /** A positive number among the arguments, or what stands for it when it is not given. */
    static int number(String[] args, int index, int otherwise, int most) {
        if (index >= args.length) {
            return otherwise;
        }
        if (!args[index].matches("[1-9][0-9]{0,5}") || Integer.parseInt(args[index]) > most) {
            throw new Refusal("'" + args[index] + "' is not understood; wanted a whole number from 1 to " + most);
        }
        return Integer.parseInt(args[index]);
    }

    private void add(SimulatedVenue.Builder builder) {
        SimulatedVenue simulation = builder.start();
        simulation.balance(simulation.venue().name().equals("kraken") ? "XXBT" : "BTC", new BigDecimal("1.25"));
        places.add(new Place(simulation.venue(), simulation, null));
    }

    private Place place(Profile profile, Use use, boolean live, Venue... venues) {
        Venue venue = profile.venue();
        if (Stream.of(venues).noneMatch(known -> known.name().equals(venue.name()))) {
            throw new Refusal("profile " + profile.name() + " is of " + venue + ", but this example makes the calls of "
                    + Stream.of(venues).map(Venue::name).collect(Collectors.joining(", "))
                    + "; name another profile, or change its calls");
        }
        if (use == Use.TRADE && isLive(venue) && !live) {
            throw new Refusal(
                    "profile " + profile.name() + " is live (" + venue.baseUri().getHost()
                            + ") and this example places an order there, with real money; say --live if that is meant, or give the profile"
                            + " a test environment: " + testsOf(venue));
        }
        return new Place(venue, null, profile);
    }

    /** What is not known to be a test is taken to be live. */
    static boolean isLive(Venue venue) {
        String host = venue.baseUri().getHost();
        Set<String> environments = venue.environments().entrySet().stream()
                .filter(environment -> host.equals(environment.getValue().getHost()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Set<String> tests = Set.of("test", "testnet", "demo", "sandbox", "paper", "cert", "staging", "uat");
        return !LOOPBACK.contains(host) && (environments.isEmpty() || !tests.containsAll(environments));
    }

    private static String testsOf(Venue venue) {
        String names = venue.environments().keySet().stream()
                .filter(name -> !name.equals("live"))
                .sorted()
                .map(name -> "environment = \"" + name + "\"")
                .collect(Collectors.joining(" or "));
        return names.isEmpty() ? "none is known of this venue" : names;
    }

    private void perform(Play play) {
        for (Place place : places) {
            URI uri = place.venue.baseUri();
            out.println(screen.dim(
                    place.profile == null
                            ? "  simulated " + place.venue + " at " + uri
                            : "  " + place.venue + " at " + uri + ", profile " + place.profile.name()));
        }
        try {
            play.run(this);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begins a client: trust and credential are those of the simulation, or all is as the profile says. */
    VenueClient.Builder client() {
        return client(places.get(0));
    }

    /** A client of every venue; the stage closes them. */
    List<VenueClient> clients() {
        for (Place place : places) {
            clients.add(client(place).build());
        }
        return List.copyOf(clients);
    }

    private VenueClient.Builder client(Place place) {
        if (place.profile != null) {
            return place.profile.client();
        }
        return client(Objects.requireNonNull(place.simulation), time);
    }

    /** Begins a client of a simulation: its trust and its credential, and the virtual clock where there is one. */
    static VenueClient.Builder client(SimulatedVenue simulation, @Nullable VirtualClock time) {
        VenueClient.Builder client = VenueClient.builder(simulation.venue())
                .credential(simulation.credential())
                .tls(Tls.builder().trust(simulation.trustAnchor()).build());
        return time == null
                ? client
                : client.clock(VenueClock.of(time, time.ticker())).sleeper(time::sleep);
    }

    /** The venue, at the address that is called. */
    Venue venue() {
        return places.get(0).venue;
    }

    /** Who signs. */
    Credential credential() {
        Profile profile = places.get(0).profile;
        return profile == null ? simulation().credential() : profile.credential();
    }

    /** The virtual clock of venue and client. */
    VirtualClock time() {
        return Objects.requireNonNull(time, "the time is real");
    }

    /** Whether there is a simulation whose own books can be looked into. */
    boolean isSimulated() {
        return places.get(0).simulation != null;
    }

    /** The simulation. */
    SimulatedVenue simulation() {
        return Objects.requireNonNull(places.get(0).simulation, "there is no simulation");
    }

    /** An empty folder that only its owner may read; it is deleted at the end, after Ctrl-C too. */
    Path folder() throws IOException {
        if (folder == null) {
            Path made = Files.createTempDirectory("intaglio-example-");
            folder = made;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
        }
        return folder;
    }

    /** A limit order to buy, as Binance takes it; place-query-cancel spells it out. */
    static ApiRequest order(String symbol, String quantity, String price) {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", symbol)
                .form("side", "BUY")
                .form("type", "LIMIT")
                .form("timeInForce", "GTC")
                .form("quantity", new BigDecimal(quantity))
                .form("price", new BigDecimal(price));
    }

    /** What a certificate manager does: a file that holds a new key and certificate of the client takes the place of the one before at once. */
    static void renewKeystore(SimulatedVenue simulation, Path file) throws IOException, GeneralSecurityException {
        Path fresh = file.resolveSibling("fresh.p12");
        try (OutputStream out = Files.newOutputStream(fresh)) {
            simulation.newClientKeyStore().store(out, simulation.clientKeyPassword());
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What happened: a word, and what there is to see. */
    void show(String label, Object seen) {
        print(label, seen.toString(), "");
    }

    /** What the example claims, and was seen to hold. */
    void proved(boolean holds, String claim) {
        if (!holds) {
            throw new AssertionError("it did not hold that: " + claim);
        }
        print("ok", claim, "32");
    }

    /** What was kept from happening, as it should be. */
    void refused(RuntimeException refusal) {
        print("refused", String.valueOf(refusal.getMessage()), "33");
    }

    /** Tries what has to be refused. */
    void refuses(Runnable attempt) {
        try {
            attempt.run();
        } catch (RuntimeException refusal) {
            refused(refusal);
            return;
        }
        throw new AssertionError("it was not refused");
    }

    /** Why it matters. */
    void why(String text) {
        out.println();
        out.println(wrapped(text, 2));
    }

    /** A row of a table; amounts with four decimals. */
    void row(String name, Object... cells) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "  %-" + LABEL + "s", name));
        for (Object cell : cells) {
            Object shown = cell instanceof BigDecimal amount ? amount.setScale(4, RoundingMode.HALF_UP) : cell;
            row.append(String.format(Locale.ROOT, "%18s", shown));
        }
        out.println(row);
    }

    private void print(String label, String text, String colour) {
        String name = label + " ".repeat(Math.max(1, LABEL - label.length()));
        out.println("  " + screen.paint(colour, name) + wrapped(text, LABEL + 2).stripLeading());
    }

    private static String wrapped(String text, int indent) {
        StringBuilder all = new StringBuilder();
        for (String line : text.stripTrailing().split("\n", -1)) {
            int column = indent;
            all.append(all.length() == 0 ? "" : "\n").append(" ".repeat(indent));
            for (String word : line.split("(?<=\\S) (?=\\S)", -1)) {
                if (column > indent && column + word.length() >= WIDTH) {
                    all.append('\n').append(" ".repeat(indent));
                    column = indent;
                }
                all.append(column == indent ? "" : " ").append(word);
                column += word.length() + 1;
            }
        }
        return all.toString();
    }

    @Override
    public void close() {
        clients.forEach(VenueClient::close);
        places.forEach(place -> {
            if (place.simulation != null) {
                place.simulation.close();
            }
        });
        if (folder != null) {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException gone) {
            // it is deleted, or the operating system will do it
        }
    }
}
