package io.intaglio.fleet;

import io.intaglio.signing.secret.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is and how to get in: one server, a Sentinel group or a Cluster; TLS, user, timeout. Immutable; the other methods return a changed
 * copy.
 *
 * <pre>{@code
 * RedisAddress.sentinel("desk", List.of("s1:26379", "s2:26379", "s3:26379"))
 *         .trust(Path.of("redis-ca.pem"))
 *         .user("intaglio", Secret.fromFile(Path.of("redis.password")))
 * }</pre>
 */
public final class RedisAddress {

    /** How the servers work together. */
    enum Kind {
        SINGLE,
        SENTINEL,
        CLUSTER
    }

    /** A server. */
    record Server(String host, int port) {
        static Server of(String text) {
            int colon = text.lastIndexOf(':');
            String port = text.substring(colon + 1);
            if (colon <= 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
                throw new IllegalArgumentException("a Redis server is given as host:port, was '" + text + "'");
            }
            return new Server(text.substring(0, colon).replaceAll("[\\[\\]]", ""), Integer.parseInt(port));
        }
    }

    /** What a user has to be allowed, as Redis writes it. */
    static final String PERMISSIONS =
            "~intaglio:* resetchannels &intaglio:* -@all +@connection +evalsha +eval +info +time +hget +hset +hmget"
                    + " +hgetall +hdel +hincrby +del +get +set +exists +pexpire +publish +subscribe";

    /** A certificate that is shown: its chain and its key, in PEM. */
    record Identity(Path certificates, Path key) {}

    /** What TLS is made with; the authorities of the Java installation where there is no file to trust. */
    record Tls(@Nullable Path trust, @Nullable Identity identity) {}

    /** Who one is to Redis' access control. */
    record User(String name, Secret password) {
        User {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(password, "password");
        }
    }

    private record Place(Kind kind, String master, List<Server> servers) {}

    private final Place place;
    private final @Nullable Tls tls;
    private final @Nullable User user;
    private final @Nullable User sentinelUser;
    private final int database;
    private final Duration timeout;

    private RedisAddress(
            Place place,
            @Nullable Tls tls,
            @Nullable User user,
            @Nullable User sentinelUser,
            int database,
            Duration timeout) {
        this.place = place;
        this.tls = tls;
        this.user = user;
        this.sentinelUser = sentinelUser;
        this.database = database;
        this.timeout = timeout;
    }

    private static RedisAddress of(Kind kind, String master, List<Server> servers) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("at least one Redis server is needed, as host:port");
        }
        return new RedisAddress(
                new Place(kind, master, List.copyOf(servers)), null, null, null, 0, Duration.ofMillis(500));
    }

    /** One server. */
    public static RedisAddress single(String host, int port) {
        return of(Kind.SINGLE, "", List.of(new Server(Objects.requireNonNull(host, "host"), port)));
    }

    /**
     * A group watched by Sentinels, which say who its primary is.
     *
     * @param master the group's name there
     * @param sentinels each as {@code host:port}
     */
    public static RedisAddress sentinel(String master, List<String> sentinels) {
        return of(
                Kind.SENTINEL,
                Objects.requireNonNull(master, "master"),
                sentinels.stream().map(Server::of).toList());
    }

    /**
     * A Redis Cluster. All keys of a fleet lie in one slot, so on one primary.
     *
     * @param nodes some of its nodes, each as {@code host:port}; they tell of the others
     */
    public static RedisAddress cluster(List<String> nodes) {
        return of(Kind.CLUSTER, "", nodes.stream().map(Server::of).toList());
    }

    /**
     * Reads an address in one line: {@code redis://host:port}, {@code rediss://host:port} with TLS, {@code redis-sentinel://s1:26379,s2:26379/master},
     * {@code redis-cluster://n1:6379,n2:6379}, each with {@code rediss} for TLS. User and password are not part of it.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static RedisAddress parse(String text) {
        int scheme = text.indexOf("://");
        String rest = scheme < 0 ? "" : text.substring(scheme + 3);
        if (rest.contains("@")) {
            throw new IllegalArgumentException(
                    "a Redis address holds no user and no password; give the password as a reference of its own");
        }
        int slash = rest.indexOf('/');
        List<String> servers = List.of((slash < 0 ? rest : rest.substring(0, slash)).split(",", -1));
        String path = slash < 0 ? "" : rest.substring(slash + 1);
        String name = scheme < 0 ? "" : text.substring(0, scheme);
        RedisAddress address = switch (name) {
            case "redis", "rediss" -> of(Kind.SINGLE, "", List.of(Server.of(servers.get(0))));
            case "redis-sentinel", "rediss-sentinel" -> sentinel(path, servers);
            case "redis-cluster", "rediss-cluster" -> cluster(servers);
            default ->
                throw new IllegalArgumentException(
                        "a Redis address begins with redis://, rediss://, redis-sentinel:// or redis-cluster://");
        };
        return name.startsWith("rediss") ? address.tls() : address;
    }

    /** The same over TLS, trusting the authorities of the Java installation. The server's name is checked. */
    public RedisAddress tls() {
        return over(new Tls(trusted(), shown()));
    }

    /** The same over TLS, trusting the certificates of this PEM file alone. */
    public RedisAddress trust(Path pem) {
        return over(new Tls(Objects.requireNonNull(pem, "pem"), shown()));
    }

    /**
     * The same over TLS, showing a certificate.
     *
     * @param certificates chain in PEM
     * @param key in PKCS#8 PEM, not encrypted
     */
    public RedisAddress identity(Path certificates, Path key) {
        return over(new Tls(
                trusted(),
                new Identity(
                        Objects.requireNonNull(certificates, "certificates"), Objects.requireNonNull(key, "key"))));
    }

    private @Nullable Path trusted() {
        return tls == null ? null : tls.trust;
    }

    private @Nullable Identity shown() {
        return tls == null ? null : tls.identity;
    }

    private RedisAddress over(Tls newTls) {
        return new RedisAddress(place, newTls, user, sentinelUser, database, timeout);
    }

    /**
     * The same as a user of Redis' access control. It needs {@code ~intaglio:* resetchannels &intaglio:* -@all +@connection +evalsha +eval +info
     * +time +hget +hset +hmget +hgetall +hdel +hincrby +del +get +set +exists +pexpire +publish +subscribe}; in a Cluster also {@code +cluster}.
     */
    public RedisAddress user(String name, Secret password) {
        return new RedisAddress(place, tls, new User(name, password), sentinelUser, database, timeout);
    }

    /** The same with a user for the Sentinels. */
    public RedisAddress sentinelUser(String name, Secret password) {
        return new RedisAddress(place, tls, user, new User(name, password), database, timeout);
    }

    /** The same in another database than 0; a Cluster has that one alone. */
    public RedisAddress database(int number) {
        return new RedisAddress(place, tls, user, sentinelUser, number, timeout);
    }

    /** The same, where an answer that takes longer counts as none; half a second unless set. */
    public RedisAddress timeout(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("the timeout of Redis must be positive, was " + longest);
        }
        return new RedisAddress(place, tls, user, sentinelUser, database, longest);
    }

    Kind kind() {
        return place.kind;
    }

    String master() {
        return place.master;
    }

    List<Server> servers() {
        return place.servers;
    }

    /** Null where it is not TLS. */
    @Nullable
    Tls security() {
        return tls;
    }

    @Nullable
    User user() {
        return user;
    }

    @Nullable
    User sentinelUser() {
        return sentinelUser;
    }

    int database() {
        return database;
    }

    Duration timeout() {
        return timeout;
    }

    /** Servers, and that it is TLS; no user and no password. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(tls != null ? "rediss" : "redis");
        text.append(
                switch (place.kind) {
                    case SINGLE -> "";
                    case SENTINEL -> "-sentinel";
                    case CLUSTER -> "-cluster";
                });
        text.append("://");
        for (int i = 0; i < place.servers.size(); i++) {
            Server server = place.servers.get(i);
            text.append(i == 0 ? "" : ",").append(server.host()).append(':').append(server.port());
        }
        return place.master.isEmpty() ? text.toString() : text + "/" + place.master;
    }
}
