package io.intaglio.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * An answer that no venue should give. After each of them nobody can know whether the request was executed.
 *
 * @param name what it is
 * @param answer how it is given; ends when the client has gone
 */
record Nuisance(String name, RawServer.Answer answer) {
    private static final byte[] MEGABYTE = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);

    static List<Nuisance> all() {
        return List.of(
                new Nuisance("a byte of the head now and then", (number, socket, out) -> drip(out, "")),
                new Nuisance(
                        "a byte of the body now and then",
                        (number, socket, out) -> drip(out, head("Content-Length: 900000"))),
                new Nuisance("a chunk now and then", (number, socket, out) -> {
                    say(out, head("Transfer-Encoding: chunked"));
                    while (true) {
                        say(out, "1\r\nx\r\n");
                        Thread.sleep(20);
                    }
                }),
                new Nuisance("10 GB, as told", (number, socket, out) -> {
                    say(out, head("Content-Length: 10000000000"));
                    megabytes(out, 10_000, "", "");
                }),
                new Nuisance("10 GB in chunks", (number, socket, out) -> {
                    say(out, head("Transfer-Encoding: chunked"));
                    megabytes(out, 10_000, "100000\r\n", "\r\n");
                }),
                new Nuisance("10 GB up to the end", (number, socket, out) -> {
                    say(out, head("Connection: close"));
                    megabytes(out, 10_000, "", "");
                }),
                new Nuisance("a gzip bomb of 200 MB", (number, socket, out) -> {
                    byte[] bomb = bomb(200);
                    say(out, head("Content-Encoding: gzip\r\nContent-Length: " + bomb.length));
                    out.write(bomb);
                }),
                new Nuisance("a header of 1 MB", (number, socket, out) -> say(out, head("X: " + "x".repeat(1 << 20)))),
                new Nuisance(
                        "100,000 headers",
                        (number, socket, out) -> say(out, head("X: y\r\n".repeat(100_000) + "Z: z"))),
                new Nuisance(
                        "a status line of 1 MB",
                        (number, socket, out) -> say(out, "HTTP/1.1 200 " + "x".repeat(1 << 20))),
                new Nuisance("a shorter body than told, then the end", (number, socket, out) -> {
                    say(out, head("Content-Length: 100") + "{}");
                    socket.close();
                }),
                new Nuisance(
                        "a shorter body than told, then silence",
                        (number, socket, out) -> say(out, head("Content-Length: 100") + "{}")),
                new Nuisance(
                        "a longer body than told",
                        (number, socket, out) -> say(out, head("Content-Length: 5") + "{\"orderId\":1}")),
                new Nuisance("a negative length", (number, socket, out) -> say(out, head("Content-Length: -1") + "{}")),
                new Nuisance(
                        "a length that is no number",
                        (number, socket, out) -> say(out, head("Content-Length: many") + "{}")),
                new Nuisance(
                        "chunks of garbage",
                        (number, socket, out) ->
                                say(out, head("Transfer-Encoding: chunked") + "zz\r\n{}\r\n0\r\n\r\n")),
                new Nuisance(
                        "a chunk longer than memory",
                        (number, socket, out) ->
                                say(out, head("Transfer-Encoding: chunked") + "7fffffffffffffff\r\n{}")),
                new Nuisance(
                        "a chunk without end",
                        (number, socket, out) ->
                                say(out, head("Transfer-Encoding: chunked") + "2\r\n{}garbage\r\n0\r\n\r\n")),
                new Nuisance("chunks without the last", (number, socket, out) -> {
                    say(out, head("Transfer-Encoding: chunked") + "2\r\n{}\r\n");
                    socket.close();
                }),
                new Nuisance(
                        "UTF-8 that is none",
                        (number, socket, out) -> say(
                                out,
                                RawServer.ok("").replace("Content-Length: 0", "Content-Length: 9")
                                        + "{\"a\":\"\u00ff\"}")),
                new Nuisance(
                        "JSON 100,000 deep",
                        (number, socket, out) -> say(out, RawServer.ok("[".repeat(100_000) + "]".repeat(100_000)))),
                new Nuisance(
                        "JSON cut in the middle", (number, socket, out) -> say(out, RawServer.ok("{\"orderId\":1"))),
                new Nuisance(
                        "16 MB of JSON that never closes",
                        (number, socket, out) -> say(out, RawServer.ok("[".repeat(16_000_000)))),
                new Nuisance(
                        "an error of 16 MB",
                        (number, socket, out) ->
                                say(out, RawServer.response("500 Oh", "", "\u00e9".repeat(8_000_000)))),
                new Nuisance(
                        "a page instead of JSON",
                        (number, socket, out) -> say(out, RawServer.ok("<html>Welcome to the lobby</html>"))),
                new Nuisance("nothing instead of JSON", (number, socket, out) -> say(out, RawServer.ok(""))),
                new Nuisance("HTTP/0.9", (number, socket, out) -> {
                    say(out, "{\"orderId\":1}");
                    socket.close();
                }),
                new Nuisance("not HTTP at all", (number, socket, out) -> say(out, "SSH-2.0-OpenSSH_9.6\r\n\r\n")),
                new Nuisance("zeros", (number, socket, out) -> {
                    while (true) {
                        out.write(new byte[1 << 16]);
                    }
                }),
                new Nuisance("empty lines", (number, socket, out) -> {
                    while (true) {
                        say(out, "\r\n".repeat(10_000));
                    }
                }),
                new Nuisance("a status that is none", (number, socket, out) -> say(out, "HTTP/1.1 abc\r\n\r\n")),
                new Nuisance(
                        "a status of 99",
                        (number, socket, out) -> say(out, "HTTP/1.1 99 Low\r\nContent-Length: 2\r\n\r\n{}")),
                new Nuisance("1xx without end", (number, socket, out) -> {
                    while (true) {
                        say(out, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(100));
                    }
                }),
                new Nuisance(
                        "100 Continue, then silence",
                        (number, socket, out) -> say(out, "HTTP/1.1 100 Continue\r\n\r\n")),
                new Nuisance(
                        "another protocol",
                        (number, socket, out) -> say(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")),
                new Nuisance("a reset in the body", (number, socket, out) -> {
                    say(out, head("Content-Length: 100") + "{\"orderId\":1,");
                    socket.setSoLinger(true, 0);
                    socket.close();
                }));
    }

    private static String head(String headers) {
        return "HTTP/1.1 200 OK\r\n" + headers + "\r\n\r\n";
    }

    static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void drip(OutputStream out, String first) throws IOException, InterruptedException {
        say(out, first);
        while (true) {
            out.write('H');
            out.flush();
            Thread.sleep(20);
        }
    }

    private static void megabytes(OutputStream out, int count, String before, String after) throws IOException {
        for (int i = 0; i < count; i++) {
            say(out, before);
            out.write(MEGABYTE);
            say(out, after);
        }
    }

    private static byte[] bomb(int megabytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            megabytes(gzip, megabytes, "", "");
        }
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return name;
    }
}
