package io.intaglio.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.intaglio.signing.standard.HttpMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** An HTTP server of the JDK on this machine, that hands each request as it came to a handler. */
final class SmallServer implements AutoCloseable {
    /** What is answered. */
    record Reply(int status, String json) {}

    private final HttpServer server;

    private SmallServer(HttpServer server) {
        this.server = server;
    }

    static SmallServer start(Function<HttpMessage, Reply> handler) throws IOException {
        SmallServer small =
                new SmallServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        small.server.createContext("/", exchange -> {
            try (exchange) {
                Reply reply = handler.apply(small.message(exchange));
                byte[] body = reply.json.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(reply.status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        small.server.start();
        return small;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private HttpMessage message(HttpExchange exchange) throws IOException {
        HttpMessage message = HttpMessage.request(
                exchange.getRequestMethod(), uri(), exchange.getRequestURI().toString());
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            for (String value : header.getValue()) {
                message = message.header(header.getKey(), value);
            }
        }
        return message.body(exchange.getRequestBody().readAllBytes());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
