package io.intaglio.client.internal.pipeline;

import io.intaglio.client.guard.Guard;
import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.http.Transport;
import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.venue.Venue;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The one way out: whatever a client sends, orders and its own questions alike, goes through here to the transport. Thread-safe. */
public final class Exit {

    /** Why nothing went out. */
    static final class Held extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean isDryRun;

        Held(String why, boolean isDryRun) {
            super(why, null, false, false);
            this.isDryRun = isDryRun;
        }

        boolean isDryRun() {
            return isDryRun;
        }
    }

    private final Venue venue;
    private final Guard guard;
    private final Transport transport;
    private final boolean isDryRun;

    /** Closes nothing. */
    public Exit(Venue venue, Guard guard, Transport transport, boolean isDryRun) {
        this.venue = venue;
        this.guard = guard;
        this.transport = transport;
        this.isDryRun = isDryRun;
    }

    /** Before anything is signed. */
    void check(ApiRequest request) throws Held {
        Optional<String> why = guard.halt(request);
        if (why.isPresent()) {
            throw new Held("the guard stopped " + request + ": " + why.get(), false);
        }
    }

    RawAnswer send(ApiRequest request, SignedRequest signed, Duration limit, Duration answerLimit)
            throws SendFailure, Held {
        check(request);
        if (isDryRun && venue.scheme().accessOf(request) != Access.PUBLIC) {
            throw new Held(
                    "dry run: " + request + " passed the guard and was signed, and would now go to "
                            + signed.baseUri().map(uri -> uri.getHost()).orElse("the venue") + " with "
                            + signed.bodyLength() + " bytes of body; nothing was sent",
                    true);
        }
        return transport.send(signed, limit, answerLimit);
    }

    boolean isClosed() {
        return transport.isClosed();
    }

    /** Opens connections, over which no request goes yet. */
    void warmUp(URI address, int connections, Duration limit, Executor background) throws SendFailure {
        transport.warmUp(address, connections, limit, background);
    }

    /** Uses no open connection for another request. */
    void drain() {
        transport.drain();
    }
}
