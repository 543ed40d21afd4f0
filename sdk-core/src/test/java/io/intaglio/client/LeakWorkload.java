package io.intaglio.client;

import io.intaglio.client.audit.AuditLog;
import io.intaglio.client.guard.Guard;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Parts;
import io.intaglio.signing.scheme.Places;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.SecretStore;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Venue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs in a JVM of its own: signed requests and failures with each kind of key, everything that can be printed of them, then all closed and
 * the heap dumped. Knows the secrets only by the files that it reads them from.
 */
final class LeakWorkload {
    /** What was asked for and came about. */
    enum Kind {
        SENT,
        REFUSED,
        THROTTLED,
        UNANSWERED,
        NOT_SENT
    }

    private static final int THREADS = 4;

    private final Path folder;
    private final URI address;
    private final AuditLog audit;
    private final int requests;
    private final Map<Kind, AtomicInteger> counts = new EnumMap<>(Kind.class);

    private LeakWorkload(Path folder, URI address, int requests) {
        this.audit = AuditLog.builder(folder.resolve("audit"))
                .policy(AuditLog.Policy.EVERY_SECOND)
                .open();
        this.folder = folder;
        this.address = address;
        this.requests = requests;
        for (Kind kind : Kind.values()) {
            counts.put(kind, new AtomicInteger());
        }
    }

    /** Arguments: folder, address of the venue, number of requests. Holds two controls when it dumps the heap. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        LeakWorkload workload = new LeakWorkload(folder, URI.create(args[1]), Integer.parseInt(args[2]));
        try (PrintWriter texts = new PrintWriter(Files.newBufferedWriter(folder.resolve("texts")))) {
            workload.run(texts);
        }
        String text = Files.readString(folder.resolve("control-string"));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Files.readAllBytes(folder.resolve("control-mac")), "HmacSHA256"));
        dumpHeap(folder.resolve("heap.hprof"));
        System.out.println(workload.counts + " " + text.length() + " " + mac.getMacLength());
    }

    /** Where the simulated venue is told to fail. */
    static ApiRequest request(Kind kind) {
        return switch (kind) {
            case SENT -> ApiRequest.get("/api/v3/account");
            case REFUSED ->
                ApiRequest.get("/api/v3/order").query("symbol", "BTCUSDT").query("orderId", "1");
            case THROTTLED -> ApiRequest.get("/api/v3/openOrders");
            case UNANSWERED -> ApiRequest.get("/api/v3/allOrders").query("symbol", "BTCUSDT");
            case NOT_SENT -> ApiRequest.post("/forbidden");
        };
    }

    static final String EC_PATH = "/api/v3/time";

    private void run(PrintWriter texts) throws Exception {
        SecretStore store = SecretStore.standard();
        List<Credential> credentials = new ArrayList<>();
        List<VenueClient> clients = new ArrayList<>();
        Tls tls = tls();
        Venue binance = BinanceSpot.VENUE.at(address).withoutLimits();
        for (String name : List.of("hmac", "ed25519", "rsa", "ec")) {
            Venue venue = name.equals("ec") ? ecVenue().at(address) : binance;
            String reference =
                    name.equals("hmac") ? "exec:/bin/sh " + folder.resolve("fetch.sh") : "file:" + folder.resolve(name);
            try (Secret secret = store.resolve(reference)) {
                credentials.add(
                        name.equals("ec")
                                ? Credential.of("leak-ec", KeyReader.read(secret))
                                : venue.credential("leak-" + name, secret));
            }
            Credential credential = credentials.get(credentials.size() - 1);
            clients.add(client(venue, credential, tls).build());
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            running.add(threads.submit(() -> sendAll(clients, first)));
        }
        for (Future<?> each : running) {
            each.get();
        }
        for (int i = 0; i < 100; i++) {
            for (Kind kind : List.of(Kind.REFUSED, Kind.THROTTLED, Kind.UNANSWERED, Kind.NOT_SENT)) {
                int key = i % clients.size();
                if (kind == Kind.THROTTLED) {
                    // with a budget of its own, so that the next call need not wait as the venue asks
                    try (VenueClient fresh = client(clients.get(key).venue(), credentials.get(key), tls)
                            .budgets(Budgets.separate())
                            .build()) {
                        fail(fresh, kind, texts);
                    }
                } else {
                    fail(clients.get(key), kind, texts);
                }
            }
        }
        for (int i = 0; i < clients.size(); i++) {
            print(texts, clients.get(i), credentials.get(i));
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            texts.println(thread.getName());
        }
        clients.forEach(VenueClient::close);
        audit.close();
        credentials.forEach(Credential::close);
        threads.shutdown();
    }

    private VenueClient.Builder client(Venue venue, Credential credential, Tls tls) {
        return VenueClient.builder(venue)
                .credential(credential)
                .audit(audit)
                .tls(tls)
                .retry(RetryPolicy.none())
                .guard(guard());
    }

    private static Guard guard() {
        return request -> request.path().equals("/forbidden") ? Optional.of("it is forbidden") : Optional.empty();
    }

    private static Venue ecVenue() {
        return Venue.named("ec-venue")
                .baseUri("https://127.0.0.1")
                .scheme(Scheme.named("ec-venue")
                        .preHash(Parts.millis(), Parts.method(), Parts.path(), Parts.query(), Parts.body())
                        .ecdsa(Hash.SHA256, EcdsaForm.DER)
                        .attach(Places.header("X-Time"), Parts.millis())
                        .attach(Places.header("X-Signature"), Parts.base64(Parts.signature()))
                        .build())
                .build();
    }

    /** Each key a share of the requests; RSA and EC fewer, since they are slow. */
    private void sendAll(List<VenueClient> clients, int first) {
        for (int i = first; i < requests; i += THREADS) {
            int slot = i / THREADS % 10;
            int client = slot < 5 ? 0 : slot < 8 ? 1 : slot - 6;
            ApiRequest request = client == 3 ? ApiRequest.get(EC_PATH) : request(Kind.SENT);
            clients.get(client).send(request);
            counts.get(Kind.SENT).incrementAndGet();
        }
    }

    private void fail(VenueClient client, Kind kind, PrintWriter texts) {
        try {
            client.send(request(kind));
        } catch (VenueException e) {
            e.printStackTrace(texts);
            Kind seen = e instanceof ThrottledException
                    ? Kind.THROTTLED
                    : e instanceof NotSentException
                            ? Kind.NOT_SENT
                            : e instanceof UnansweredException ? Kind.UNANSWERED : Kind.REFUSED;
            counts.get(seen).incrementAndGet();
        }
    }

    private static void print(PrintWriter texts, VenueClient client, Credential credential) throws IOException {
        SigningKey key = credential.key().orElseThrow();
        texts.println(client.explain(ApiRequest.get("/api/v3/account")));
        for (Object object : List.of(client, credential, key, client.venue())) {
            texts.println(object);
            try {
                texts.println(JsonMapper.shared().writeValueAsString(object));
            } catch (JacksonException e) {
                e.printStackTrace(texts);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(object);
            } catch (NotSerializableException e) {
                e.printStackTrace(texts);
            }
            texts.println(bytes.toString(StandardCharsets.ISO_8859_1));
        }
    }

    private Tls tls() throws Exception {
        try (var in = Files.newInputStream(folder.resolve("root.der"))) {
            return Tls.builder()
                    .trust((X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in))
                    .build();
        }
    }

    /** By reflection, because the module under test does not read java.management. */
    private static void dumpHeap(Path file) throws ReflectiveOperationException {
        Class<?> bean = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
        Object diagnostics = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getPlatformMXBean", Class.class)
                .invoke(null, bean);
        bean.getMethod("dumpHeap", String.class, boolean.class).invoke(diagnostics, file.toString(), true);
    }
}
