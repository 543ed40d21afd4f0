package io.intaglio.client;

import io.intaglio.signing.venue.Venue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A plain socket on loopback that keeps the bytes of each request as they came and answers as the test says. */
final class RawServer implements AutoCloseable {
    /** What happens once a request was read. */
    interface Answer {
        void write(int requestNumber, Socket socket, OutputStream out) throws IOException, InterruptedException;
    }

    /** The same, by what the request says. */
    interface AnswerTo {
        void write(String request, Socket socket, OutputStream out) throws IOException, InterruptedException;
    }

    private interface Exchange {
        void write(int number, String request, Socket socket, OutputStream out)
                throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final Exchange exchange;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private RawServer(Exchange exchange) {
        this.exchange = exchange;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    static RawServer answering(Answer answer) {
        return new RawServer((number, request, socket, out) -> answer.write(number, socket, out));
    }

    static RawServer answeringTo(AnswerTo answer) {
        return new RawServer((number, request, socket, out) -> answer.write(request, socket, out));
    }

    static RawServer answering(String response) {
        return answering((number, socket, out) -> out.write(response.getBytes(StandardCharsets.ISO_8859_1)));
    }

    static String ok(String body) {
        return response("200 OK", "", body);
    }

    static String response(String status, String headers, String body) {
        return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    Venue at(Venue venue) {
        return venue.at(URI.create("http://127.0.0.1:" + listener.getLocalPort()));
    }

    /** The bytes of each request, as Latin-1 text. */
    List<String> requests() {
        return requests;
    }

    int connections() {
        return sockets.size();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                daemon(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            while (true) {
                String request = request(socket.getInputStream());
                if (request.isEmpty()) {
                    return;
                }
                requests.add(request);
                exchange.write(requests.size(), request, socket, socket.getOutputStream());
                if (socket.isClosed()) {
                    return;
                }
                socket.getOutputStream().flush();
            }
        } catch (IOException clientWentAway) {
            // the test looks at what was received
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String request(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            bytes.write(b);
        }
        String head = bytes.toString(StandardCharsets.ISO_8859_1);
        for (String line : head.split("\r\n")) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                bytes.write(in.readNBytes(Integer.parseInt(line.substring(15).strip())));
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
