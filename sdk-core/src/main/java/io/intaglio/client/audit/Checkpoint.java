package io.intaglio.client.audit;

import io.intaglio.client.internal.json.JsonLine;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a log was at one time, signed. Its chain head vouches for every record up to {@link #to()}; its root, which is that of a Merkle tree
 * (RFC 9162 section 2.1.1) over the SHA-256 hashes of the records from {@link #from()} on, lets one of those be shown to a third party without
 * the others. The signature is Ed25519 over {@link #signedText()}.
 *
 * @param log the log's id
 * @param from sequence of the first record under the root
 * @param to sequence of the last record
 * @param root 64 hex digits
 * @param head SHA-256 of the last record's line, its end included, 64 hex digits
 * @param at when it was made, on the host's clock
 * @param signature base64
 */
public record Checkpoint(String log, long from, long to, String root, String head, Instant at, String signature) {
    /** Checks. */
    public Checkpoint {
        Objects.requireNonNull(log, "log");
        Objects.requireNonNull(root, "root");
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(signature, "signature");
        if (from < 1 || to < from) {
            throw new IllegalArgumentException("a checkpoint from record " + from + " to " + to + " covers nothing");
        }
    }

    static Checkpoint signed(SigningKey key, String log, long from, long to, String root, String head, Instant at) {
        byte[] signature = key.sign(SignatureAlgorithm.ed25519(), bytes(text(log, from, to, root, head, at)));
        return new Checkpoint(log, from, to, root, head, at, Base64.getEncoder().encodeToString(signature));
    }

    private static String text(String log, long from, long to, String root, String head, Instant at) {
        return "intaglio audit checkpoint 1\nlog " + log + "\nfrom " + from + "\nto " + to + "\nroot " + root
                + "\nhead " + head + "\nat " + at + "\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The text that is signed, in UTF-8. */
    public String signedText() {
        return text(log, from, to, root, head, at);
    }

    /** Whether the owner of this Ed25519 key made it. */
    public boolean isSignedBy(VerifyingKey key) {
        try {
            return key.verify(
                    SignatureAlgorithm.ed25519(),
                    bytes(signedText()),
                    Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** As one line of JSON in ASCII, without the line's end; {@link #parse} reads it. */
    public String line() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("checkpoint", 1);
        members.put("log", log);
        members.put("from", from);
        members.put("to", to);
        members.put("root", root);
        members.put("head", head);
        members.put("at", at.toString());
        members.put("signature", signature);
        return new String(JsonLine.writeAscii(members), StandardCharsets.US_ASCII);
    }

    /**
     * Reads {@link #line()}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Checkpoint parse(String line) {
        try {
            Map<String, Object> members = JsonLine.read(line);
            return new Checkpoint(
                    text(members, "log"),
                    number(members, "from"),
                    number(members, "to"),
                    text(members, "root"),
                    text(members, "head"),
                    Instant.parse(text(members, "at")),
                    text(members, "signature"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a checkpoint's time cannot be read", e);
        }
    }

    private static String text(Map<String, Object> members, String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("a checkpoint lacks its member '" + name + "'");
    }

    private static long number(Map<String, Object> members, String name) {
        if (members.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("a checkpoint lacks its member '" + name + "'");
    }

    /**
     * All checkpoints of a file, one a line; a last line that was cut off by a crash, and empty ones, are passed over.
     *
     * @throws AuditException when a line is no checkpoint
     */
    static List<Checkpoint> read(Path file) throws IOException {
        List<Checkpoint> checkpoints = new ArrayList<>();
        int number = 0;
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String line;
            while ((line = in.readLine()) != null) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                try {
                    checkpoints.add(parse(line));
                } catch (IllegalArgumentException e) {
                    // what a crash left of a line: it does not end as one does
                    if (!line.endsWith("}")) {
                        continue;
                    }
                    throw new AuditException(
                            "line " + number + " of " + file + " is no checkpoint: " + e.getMessage(), e);
                }
            }
        }
        return checkpoints;
    }
}
