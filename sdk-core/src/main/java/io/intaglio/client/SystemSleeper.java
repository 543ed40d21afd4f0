package io.intaglio.client;

import java.time.Duration;

/** The one place where a thread of ours sleeps. */
enum SystemSleeper implements Sleeper {
    INSTANCE;

    @Override
    @SuppressForbidden // this is what everything else takes as an injected Sleeper
    public void sleep(Duration duration) throws InterruptedException {
        if (!duration.isNegative() && !duration.isZero()) {
            Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
        }
    }
}
