package io.intaglio.client.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A call waited. Used by one thread, again and again: begun, ended and kept. */
@Name("io.intaglio.Wait")
@Label("Wait")
@Description("A call waited for room in the venue's limits, its turn, a connection, or before it was tried again")
@Category("Intaglio")
@StackTrace(false)
@Threshold("1 ms")
@SuppressWarnings("UnusedVariable") // the recorder reads them
public final class WaitSpan extends Event {
    @Label("Venue")
    private String venue = "";

    @Label("Reason")
    @Description("LIMIT, TURN (among reads, or of a key's nonces), CONNECTION or RETRY")
    private String reason = "";

    /** Keeps it if it was long enough. */
    public void commit(String ofVenue, String why) {
        end();
        if (shouldCommit()) {
            venue = ofVenue;
            reason = why;
            commit();
        }
    }
}
