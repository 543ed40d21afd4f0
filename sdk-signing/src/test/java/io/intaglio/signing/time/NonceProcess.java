package io.intaglio.signing.time;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * A process that draws nonces from a file until it has enough or is killed, and writes for each the monotonic time before and after the draw.
 * Its wall clock is stepped again and again: by an hour back, an hour forward, a day back and right again.
 */
final class NonceProcess {
    static final int RECORD = 24;
    private static final int BATCH = 512;
    private static final int DRAWS_A_STEP = 20_000;
    private static final long[] HOURS = {0, -1, 1, -24};

    private NonceProcess() {}

    /** @param args state file, record file, draws, number of the first step */
    public static void main(String[] args) throws IOException {
        Path state = Path.of(args[0]);
        int draws = Integer.parseInt(args[2]);
        int firstStep = Integer.parseInt(args[3]);
        DurableNonces nonces = new DurableNonces(state, NonceUnit.MICROS);
        ByteBuffer batch = ByteBuffer.allocate(BATCH * RECORD);
        try (FileChannel out =
                FileChannel.open(Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            new DataOutputStream(System.out).flush();
            for (int i = 0; i < draws; i++) {
                long before = System.nanoTime();
                long hours = HOURS[(firstStep + i / DRAWS_A_STEP) % HOURS.length];
                long nonce = nonces.draw(Instant.now().plusSeconds(hours * 3600));
                batch.putLong(before).putLong(System.nanoTime()).putLong(nonce);
                if (!batch.hasRemaining() || i == draws - 1) {
                    batch.flip();
                    while (batch.hasRemaining()) {
                        out.write(batch);
                    }
                    batch.clear();
                }
            }
        }
        System.exit(0);
    }
}
