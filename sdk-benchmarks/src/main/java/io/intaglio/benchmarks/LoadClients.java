package io.intaglio.benchmarks;

import com.binance.connector.client.impl.SpotClientImpl;
import com.binance.connector.client.impl.spot.Trade;
import io.intaglio.client.RetryPolicy;
import io.intaglio.client.VenueClient;
import io.intaglio.client.tls.Keystore;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Field;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.knowm.xchange.ExchangeSpecification;
import org.knowm.xchange.binance.BinanceExchange;
import org.knowm.xchange.currency.CurrencyPair;
import org.knowm.xchange.dto.Order;
import org.knowm.xchange.dto.trade.LimitOrder;
import org.knowm.xchange.service.trade.TradeService;

/** The clients of the load run, each placing one order of eight fields a call, on as many kept connections as there are callers. */
final class LoadClients {
    static final List<String> NAMES = List.of("intaglio", "stock", "lean", "minimal", "okhttp", "connector", "xchange");

    private static final byte[] FORM = form();

    /** Places an order; thread-safe. */
    interface Caller extends AutoCloseable {
        /** Fails unless the answer is a yes. */
        void call() throws IOException;

        @Override
        default void close() throws IOException {}
    }

    private LoadClients() {}

    static Caller named(String name, URI base, int callers, Optional<TlsFiles> tls)
            throws IOException, GeneralSecurityException {
        return switch (name) {
            case "intaglio" -> intaglio(base, callers, tls);
            case "stock" -> apache(base, HttpClients.custom().setConnectionManager(pool(callers, tls)));
            case "lean" ->
                apache(
                        base,
                        HttpClients.custom()
                                .setConnectionManager(pool(callers, tls))
                                .disableAutomaticRetries()
                                .disableRedirectHandling()
                                .disableCookieManagement()
                                .disableAuthCaching()
                                .disableContentCompression()
                                .disableConnectionState());
            case "minimal" -> apache(base, HttpClients.createMinimal(pool(callers, tls)));
            case "okhttp" -> okhttp(base, callers, tls);
            case "connector" -> connector(base);
            case "xchange" -> xchange(base);
            default -> throw new IllegalArgumentException("no client '" + name + "'; there are " + NAMES);
        };
    }

    private static byte[] form() {
        StringBuilder form = new StringBuilder();
        for (Field field : Orders.BINANCE) {
            form.append(form.isEmpty() ? "" : "&")
                    .append(field.name())
                    .append('=')
                    .append(field.value());
        }
        return form.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Signed, with all of its books and Binance's limits, which are made so large that nothing waits. */
    private static Caller intaglio(URI base, int callers, Optional<TlsFiles> tls) {
        VenueClient.Builder builder = VenueClient.builder(
                        BinanceSpot.VENUE.at(base).withLimits(Orders.roomyLimits()))
                .credential(Orders.binanceCredential())
                .maxConnections(callers)
                .inFlight(callers)
                .retry(RetryPolicy.none());
        tls.ifPresent(files -> builder.tls(Tls.builder()
                .trust(files.authority())
                .keystore(Keystore.file(files.client())
                        .password(Secret.takeOver(TlsFiles.PASSWORD.getBytes(StandardCharsets.US_ASCII))))
                .build()));
        VenueClient client = builder.build();
        ApiRequest order = Orders.binance();
        return new Caller() {
            @Override
            public void call() {
                client.send(order);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    private static PoolingHttpClientConnectionManager pool(int callers, Optional<TlsFiles> tls)
            throws IOException, GeneralSecurityException {
        PoolingHttpClientConnectionManagerBuilder builder = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(callers)
                .setMaxConnTotal(callers);
        if (tls.isPresent()) {
            builder.setTlsSocketStrategy(
                    new DefaultClientTlsStrategy(tls.orElseThrow().context()));
        }
        return builder.build();
    }

    private static Caller apache(URI base, HttpClientBuilder builder) {
        return apache(base, builder.build());
    }

    private static Caller apache(URI base, CloseableHttpClient client) {
        URI target = base.resolve("/api/v3/order");
        return new Caller() {
            @Override
            public void call() throws IOException {
                HttpPost post = new HttpPost(target);
                post.setEntity(new ByteArrayEntity(FORM, ContentType.APPLICATION_FORM_URLENCODED));
                client.execute(post, response -> {
                    EntityUtils.consume(response.getEntity());
                    return checked(response.getCode());
                });
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }

    private static Caller okhttp(URI base, int callers, Optional<TlsFiles> tls)
            throws IOException, GeneralSecurityException {
        OkHttpClient.Builder builder =
                new OkHttpClient.Builder().connectionPool(new ConnectionPool(callers, 5, TimeUnit.MINUTES));
        if (tls.isPresent()) {
            TlsFiles files = tls.orElseThrow();
            builder.sslSocketFactory(files.context().getSocketFactory(), files.trustManager());
        }
        OkHttpClient client = builder.build();
        RequestBody body = RequestBody.create(FORM);
        Request request = new Request.Builder()
                .url(base.resolve("/api/v3/order").toString())
                .post(body)
                .build();
        return () -> {
            try (Response response = client.newCall(request).execute()) {
                response.body().bytes();
                checked(response.code());
            }
        };
    }

    /** binance-connector-java, signed; its one HTTP client is as it comes. */
    private static Caller connector(URI base) {
        Trade trade = new SpotClientImpl(
                        Orders.KEY_ID, new String(Orders.SECRET, StandardCharsets.US_ASCII), base.toString())
                .createTrade();
        return () -> {
            Map<String, Object> parameters = new LinkedHashMap<>();
            for (Field field : Orders.BINANCE) {
                parameters.put(field.name(), field.value());
            }
            if (!trade.newOrder(parameters).contains("orderId")) {
                throw new IOException("binance-connector got another answer");
            }
        };
    }

    /** XChange, signed, with its objects in and out. */
    private static Caller xchange(URI base) {
        BinanceExchange exchange = new BinanceExchange();
        ExchangeSpecification specification = exchange.getDefaultExchangeSpecification();
        specification.setSslUri(base.toString());
        specification.setHost(base.getHost());
        specification.setApiKey(Orders.KEY_ID);
        specification.setSecretKey(new String(Orders.SECRET, StandardCharsets.US_ASCII));
        specification.setShouldLoadRemoteMetaData(false);
        exchange.applySpecification(specification);
        TradeService trade = exchange.getTradeService();
        return () -> {
            LimitOrder order = new LimitOrder.Builder(Order.OrderType.BID, CurrencyPair.BTC_USDT)
                    .originalAmount(new BigDecimal("0.01000000"))
                    .limitPrice(new BigDecimal("37500.10"))
                    .userReference("desk-7-000042")
                    .build();
            if (trade.placeLimitOrder(order).isEmpty()) {
                throw new IOException("XChange got another answer");
            }
        };
    }

    private static int checked(int status) throws IOException {
        if (status != 200) {
            throw new IOException("status " + status);
        }
        return status;
    }
}
