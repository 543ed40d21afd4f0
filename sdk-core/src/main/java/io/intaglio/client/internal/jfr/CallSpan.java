package io.intaglio.client.internal.jfr;

import io.intaglio.client.event.Event.CallEnded;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A call from beginning to end. Used by one thread. */
@Name("io.intaglio.Call")
@Label("Call")
@Description("A call to a venue, waits and repeated attempts included")
@Category("Intaglio")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads them
public final class CallSpan extends Event {
    @Label("Venue")
    private String venue = "";

    @Label("Method")
    private String method = "";

    @Label("Path")
    private String path = "";

    @Label("Purpose")
    private String purpose = "";

    @Label("End")
    private String end = "";

    @Label("Uncertain")
    @Description("The venue may have acted though it did not say so")
    private boolean uncertain;

    @Label("Status")
    private int status;

    @Label("Attempts")
    private int attempts;

    @Label("Waited for Limits")
    @Timespan(Timespan.NANOSECONDS)
    private long waited;

    /** Begins now. */
    public CallSpan() {
        begin();
    }

    /** Keeps it, with how the call ended. */
    public void commit(CallEnded call) {
        venue = call.venue();
        method = call.method();
        path = call.path();
        purpose = call.purpose().name();
        end = call.end().name();
        uncertain = call.isUncertain();
        status = call.status();
        attempts = call.attempts();
        waited = call.waited().toNanos();
        commit();
    }
}
