package io.intaglio.testkit;

import io.intaglio.signing.Field;
import io.intaglio.signing.SignedRequest;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** One TLS connection that does exactly what it is told: no pool, no redirect, no repetition that could hide what the venue does. */
final class Client implements AutoCloseable {
    /** An answer; header names in lower case. */
    record Reply(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    private final SSLSocket socket;
    private final InputStream in;

    private Client(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static Client of(SimulatedVenue sim) throws IOException {
        return connect(context(sim), sim);
    }

    static Client withCertificate(SimulatedVenue sim) throws IOException, GeneralSecurityException {
        return withCertificateOf(sim, sim);
    }

    static Client withCertificateOf(SimulatedVenue issuer, SimulatedVenue sim)
            throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(issuer.clientKeyStore(), issuer.clientKeyPassword());
        return connect(context(sim, keys.getKeyManagers()), sim);
    }

    static SSLContext context(SimulatedVenue sim, KeyManager... keys) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(sim.trustStore());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Client connect(SSLContext context, SimulatedVenue sim) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(sim.uri().getHost(), sim.uri().getPort());
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return new Client(socket);
    }

    Reply send(SignedRequest request) throws IOException {
        write(request);
        return read();
    }

    void write(SignedRequest request) throws IOException {
        StringBuilder head = new StringBuilder();
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        head.append("Host: 127.0.0.1\r\n");
        for (Field header : request.headers()) {
            head.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        if (request.hasBody()) {
            head.append("Content-Length: ").append(request.bodyLength()).append("\r\n");
        }
        writeRaw(head.append("\r\n").toString(), request.body());
    }

    void writeRaw(String head, byte[] body) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    /** Throws EOFException when the connection was closed in good order without an answer. */
    Reply read() throws IOException {
        String statusLine = line();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Reply(
                Integer.parseInt(statusLine.substring(9, 12)),
                headers,
                new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("closed without an answer");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
