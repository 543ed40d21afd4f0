package io.intaglio.benchmarks;

import io.intaglio.client.VenueClient;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A whole call on a kept connection to a plain socket on this machine: our client, which signs, beside Apache HttpClient 5 sending the same
 * bytes unsigned, as it comes, with everything automatic off, and in its minimal form.
 */
public class CallBenchmark {
    private CallBenchmark() {}

    /** Clients and the server they call. */
    @State(Scope.Thread)
    public static class PostOrder {
        private final LoopbackServer server = new LoopbackServer();
        private final URI base = URI.create("http://127.0.0.1:" + server.port());
        private final VenueClient intaglio = VenueClient.of(BinanceSpot.VENUE.at(base), Orders.binanceCredential());
        private final ApiRequest order = Orders.binance();
        private final byte[] body =
                "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
                        .getBytes(StandardCharsets.US_ASCII);
        private final CloseableHttpClient stock = HttpClients.custom()
                .setConnectionManager(new PoolingHttpClientConnectionManager())
                .build();
        private final CloseableHttpClient lean = HttpClients.custom()
                .setConnectionManager(new PoolingHttpClientConnectionManager())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .build();
        private final CloseableHttpClient minimal = HttpClients.createMinimal(new PoolingHttpClientConnectionManager());

        /** Signed, sent and read by us. */
        @Benchmark
        public int intaglio() {
            return intaglio.send(order).status();
        }

        /** HttpClient 5 as it comes. */
        @Benchmark
        public int stockHttpClient() throws IOException {
            return post(stock);
        }

        /** HttpClient 5 with everything automatic off. */
        @Benchmark
        public int leanHttpClient() throws IOException {
            return post(lean);
        }

        /** HttpClient 5 without its chain of handlers. */
        @Benchmark
        public int minimalHttpClient() throws IOException {
            return post(minimal);
        }

        private int post(CloseableHttpClient client) throws IOException {
            HttpPost post = new HttpPost(base.resolve("/api/v3/order"));
            post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_FORM_URLENCODED));
            return client.execute(post, response -> {
                EntityUtils.consume(response.getEntity());
                return response.getCode();
            });
        }

        /** Ends connections and server. */
        @TearDown
        public void close() throws IOException {
            intaglio.close();
            stock.close();
            lean.close();
            minimal.close();
            server.close();
        }
    }
}
