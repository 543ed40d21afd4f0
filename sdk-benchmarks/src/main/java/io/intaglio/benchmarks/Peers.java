package io.intaglio.benchmarks;

import com.binance.connector.client.utils.UrlBuilder;
import com.binance.connector.client.utils.signaturegenerator.HmacSignatureGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.intaglio.signing.Field;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.knowm.xchange.binance.BinanceAuthenticated;
import org.knowm.xchange.binance.dto.trade.BinanceNewOrder;
import org.knowm.xchange.binance.dto.trade.OrderSide;
import org.knowm.xchange.binance.dto.trade.OrderType;
import org.knowm.xchange.binance.dto.trade.TimeInForce;
import org.knowm.xchange.binance.service.BinanceHmacDigest;
import org.tomitribe.auth.signatures.Algorithm;
import org.tomitribe.auth.signatures.Signature;
import org.tomitribe.auth.signatures.Signer;
import org.tomitribe.auth.signatures.SigningAlgorithm;
import si.mazi.rescu.ParamsDigest;
import si.mazi.rescu.RequestWriterResolver;
import si.mazi.rescu.RestInvocation;
import si.mazi.rescu.RestMethodMetadata;
import si.mazi.rescu.SynchronizedValueFactory;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Other libraries, signing the orders that are signed here, each by the calls that its own client makes for it. */
final class Peers {
    private static final String TEXT = new String(Orders.SECRET, StandardCharsets.US_ASCII);

    private Peers() {}

    /** binance-connector-java. */
    static final class Connector {
        private final HmacSignatureGenerator generator = new HmacSignatureGenerator(TEXT);

        String sign() {
            Map<String, Object> parameters = new LinkedHashMap<>();
            // first, where the others have it; the connector itself puts it last, which costs the same
            parameters.put("timestamp", Long.toString(Orders.MOMENT.timestamp().toEpochMilli()));
            for (Field field : Orders.BINANCE) {
                parameters.put(field.name(), field.value());
            }
            parameters.put("signature", generator.getSignature(UrlBuilder.joinQueryParameters(parameters)));
            return UrlBuilder.joinQueryParameters(parameters);
        }
    }

    /** xchange-binance. */
    static final class Xchange {
        private final RequestWriterResolver writers = RequestWriterResolver.createDefault(new ObjectMapper());
        private final RestMethodMetadata newOrder = metadata();
        private final ParamsDigest digest = BinanceHmacDigest.createInstance(TEXT);
        private final SynchronizedValueFactory<Long> timestamp =
                () -> Orders.MOMENT.timestamp().toEpochMilli();

        RestInvocation sign() {
            @Nullable
            Object[] order = {
                "BTCUSDT",
                OrderSide.BUY,
                OrderType.LIMIT,
                TimeInForce.GTC,
                new BigDecimal("0.01000000"),
                null,
                new BigDecimal("37500.10"),
                "desk-7-000042",
                null,
                null,
                null,
                (BinanceNewOrder.@Nullable NewOrderResponseType) null,
                5000L,
                timestamp,
                Orders.KEY_ID,
                digest
            };
            return RestInvocation.create(writers, newOrder, order, Map.of());
        }

        private static RestMethodMetadata metadata() {
            Method method = Arrays.stream(BinanceAuthenticated.class.getMethods())
                    .filter(candidate -> candidate.getName().equals("newOrder") && candidate.getParameterCount() == 16)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("BinanceAuthenticated has another newOrder"));
            return RestMethodMetadata.create(method, "https://api.binance.com", "");
        }
    }

    /** XChange writes its fields in an order of its own, so its signature is made again over what it wrote. */
    static void checkXchange(RestInvocation invocation) throws GeneralSecurityException {
        String query = invocation.getQueryString();
        if (!query.startsWith("signature=")) {
            throw new IllegalStateException("XChange put its signature elsewhere than into the query '" + query + "'");
        }
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Orders.SECRET, "HmacSHA256"));
        byte[] text = String.valueOf(invocation.getRequestBody()).getBytes(StandardCharsets.UTF_8);
        String wanted = HexFormat.of().formatHex(mac.doFinal(text));
        Same.check("XChange", wanted, query.substring("signature=".length()));
    }

    /** AWS SDK 2. */
    static final class Aws {
        private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
        private final byte[] body = Orders.COINBASE_BODY.getBytes(StandardCharsets.UTF_8);
        private final SignRequest<AwsCredentialsIdentity> request = SignRequest.builder(
                        AwsCredentialsIdentity.create(Orders.KEY_ID, TEXT))
                .request(SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(URI.create("https://api.example.com/orders"))
                        .appendHeader("Content-Type", "application/json")
                        .build())
                .payload(() -> new ByteArrayInputStream(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "execute-api")
                .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(Orders.MOMENT.timestamp(), ZoneOffset.UTC))
                .build();

        SignedRequest sign() {
            return signer.sign(request);
        }
    }

    /** tomitribe-http-signatures, of the draft "Signing HTTP Messages" before RFC 9421. */
    static final class Tomitribe {
        private final byte[] body = Orders.COINBASE_BODY.getBytes(StandardCharsets.UTF_8);
        private final Signer signer = new Signer(
                new SecretKeySpec(Orders.SECRET, "HmacSHA256"),
                new Signature(
                        Orders.KEY_ID,
                        SigningAlgorithm.HS2019,
                        Algorithm.HMAC_SHA256,
                        null,
                        null,
                        List.of("(request-target)", "host", "content-type", "digest")));

        String sign() throws IOException {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("Host", "api.example.com");
            headers.put("Content-Type", "application/json");
            headers.put("Digest", "SHA-256=" + Base64.getEncoder().encodeToString(sha256(body)));
            return signer.sign("POST", "/orders", headers).toString();
        }

        private static byte[] sha256(byte[] data) {
            try {
                return MessageDigest.getInstance("SHA-256").digest(data);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
