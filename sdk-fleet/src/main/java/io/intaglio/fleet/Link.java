package io.intaglio.fleet;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections to Redis: one for scripts, one to hear messages. Once made they come back by themselves. A command that was under way when one broke
 * is not repeated. Thread-safe.
 */
final class Link implements AutoCloseable {
    private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofMillis(500);
    /** A handshake may take longer than an answer. */
    private static final Duration LEAST_CONNECT_TIME = Duration.ofSeconds(2);

    private final RedisAddress address;
    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final String channel;
    private final BiConsumer<String, String> hearer;
    private final ReentrantLock connecting = new ReentrantLock();
    private final LongAdder operations = new LongAdder();
    private volatile @Nullable StatefulConnection<String, String> connection;
    private volatile @Nullable StatefulRedisPubSubConnection<String, String> subscription;

    /** @param hearer told channel and text of each message, on a thread of the client */
    Link(RedisAddress address, String channel, BiConsumer<String, String> hearer) {
        this.address = address;
        this.channel = channel;
        this.hearer = hearer;
        this.resources = ClientResources.builder()
                .reconnectDelay(
                        Delay.exponential(Duration.ofMillis(10), LONGEST_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS))
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        List<RedisURI> uris = uris();
        if (address.kind() == RedisAddress.Kind.CLUSTER) {
            RedisClusterClient cluster = RedisClusterClient.create(resources, uris);
            ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh(Duration.ofSeconds(10))
                    .build();
            ClusterClientOptions.Builder options =
                    ClusterClientOptions.builder().topologyRefreshOptions(refresh);
            set(options);
            cluster.setOptions(options.build());
            this.client = cluster;
        } else {
            RedisClient single = RedisClient.create(resources, uris.get(0));
            ClientOptions.Builder options = ClientOptions.builder();
            set(options);
            single.setOptions(options.build());
            this.client = single;
        }
    }

    private void set(ClientOptions.Builder options) {
        options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(connectTime())
                        .tcpNoDelay(true)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(address.timeout()));
        RedisAddress.Tls security = address.security();
        if (security != null) {
            SslOptions.Builder tls = SslOptions.builder().jdkSslProvider().protocols("TLSv1.2", "TLSv1.3");
            Path trust = security.trust();
            if (trust != null) {
                tls.trustManager(trust.toFile());
            }
            RedisAddress.Identity identity = security.identity();
            if (identity != null) {
                tls.keyManager(identity.certificates().toFile(), identity.key().toFile(), new char[0]);
            }
            options.sslOptions(tls.build());
        }
    }

    private Duration connectTime() {
        return address.timeout().compareTo(LEAST_CONNECT_TIME) < 0 ? LEAST_CONNECT_TIME : address.timeout();
    }

    private List<RedisURI> uris() {
        if (address.kind() == RedisAddress.Kind.SENTINEL) {
            RedisURI.Builder uri = RedisURI.builder().withSentinelMasterId(address.master());
            for (RedisAddress.Server server : address.servers()) {
                uri.withSentinel(withAccess(
                        RedisURI.builder().withHost(server.host()).withPort(server.port()), address.sentinelUser()));
            }
            return List.of(withAccess(uri.withDatabase(address.database()), address.user()));
        }
        List<RedisURI> uris = new ArrayList<>();
        for (RedisAddress.Server server : address.servers()) {
            uris.add(withAccess(
                    RedisURI.builder()
                            .withHost(server.host())
                            .withPort(server.port())
                            .withDatabase(address.database()),
                    address.user()));
        }
        return uris;
    }

    private RedisURI withAccess(RedisURI.Builder uri, RedisAddress.@Nullable User user) {
        uri.withTimeout(connectTime())
                .withSsl(address.security() != null)
                .withVerifyPeer(true)
                .withClientName("intaglio-fleet");
        if (user != null) {
            // the one place where the password leaves its secret: Lettuce keeps this very array for reconnecting
            uri.withAuthentication(user.name(), InsecureSecretAccess.use(user.password(), Link::characters));
        }
        return uri.build();
    }

    private static char[] characters(byte[] bytes) {
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
        char[] characters = new char[decoded.remaining()];
        decoded.get(characters);
        return characters;
    }

    /**
     * Makes the connections that are not there yet.
     *
     * @throws RuntimeException of Lettuce, when one cannot be made
     */
    void connect() {
        connecting.lock();
        try {
            if (subscription == null) {
                StatefulRedisPubSubConnection<String, String> fresh = client instanceof RedisClusterClient cluster
                        ? cluster.connectPubSub()
                        : ((RedisClient) client).connectPubSub();
                fresh.addListener(new RedisPubSubAdapter<>() {
                    @Override
                    public void message(String from, String text) {
                        hearer.accept(from, text);
                    }
                });
                try {
                    fresh.sync().subscribe(channel);
                } catch (RuntimeException e) {
                    fresh.close();
                    throw e;
                }
                subscription = fresh;
            }
            if (connection == null) {
                connection = client instanceof RedisClusterClient cluster
                        ? cluster.connect()
                        : ((RedisClient) client).connect();
            }
        } finally {
            connecting.unlock();
        }
    }

    boolean isConnected() {
        return connection != null;
    }

    /** Runs a script, whose answer is a list of numbers and texts. Never blocks. */
    CompletableFuture<List<Object>> run(Script script, List<String> keys, List<String> arguments) {
        RedisScriptingAsyncCommands<String, String> commands;
        try {
            commands = commands();
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(e);
        }
        String[] keyArray = keys.toArray(new String[0]);
        String[] argumentArray = arguments.toArray(new String[0]);
        operations.increment();
        return commands.<List<Object>>evalsha(script.sha(), ScriptOutputType.MULTI, keyArray, argumentArray)
                .toCompletableFuture()
                .exceptionallyCompose(failure -> {
                    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
                    if (cause instanceof RedisNoScriptException) {
                        operations.increment();
                        return commands.eval(script.text(), ScriptOutputType.MULTI, keyArray, argumentArray);
                    }
                    if (cause instanceof RedisReadOnlyException) {
                        // the primary became a replica and kept the connection: ask again who the primary is
                        forget();
                    }
                    return CompletableFuture.failedFuture(cause);
                });
    }

    private RedisScriptingAsyncCommands<String, String> commands() {
        StatefulConnection<String, String> current = connection;
        if (current instanceof StatefulRedisClusterConnection<String, String> cluster) {
            return cluster.async();
        }
        if (current instanceof StatefulRedisConnection<String, String> single) {
            return single.async();
        }
        throw new IllegalStateException("there is no connection to " + address + " yet");
    }

    private void forget() {
        StatefulConnection<String, String> old = connection;
        connection = null;
        StatefulRedisPubSubConnection<String, String> heard = subscription;
        subscription = null;
        if (old != null) {
            CompletableFuture<Void> unused = old.closeAsync();
        }
        if (heard != null) {
            CompletableFuture<Void> unused = heard.closeAsync();
        }
    }

    /** Commands that were given to Redis since this link was made. */
    long operations() {
        return operations.sum();
    }

    RedisAddress address() {
        return address;
    }

    @Override
    public void close() {
        connection = null;
        subscription = null;
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        Future<Boolean> unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
