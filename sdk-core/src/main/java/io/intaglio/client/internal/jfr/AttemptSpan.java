package io.intaglio.client.internal.jfr;

import io.intaglio.client.event.Event.AttemptEnded;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One request over the network. Used by one thread, again and again: begun, ended and kept. */
@Name("io.intaglio.Attempt")
@Label("Attempt")
@Description("From handing a request to the transport until its answer was read")
@Category("Intaglio")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads them
public final class AttemptSpan extends Event {
    @Label("Venue")
    private String venue = "";

    @Label("Method")
    private String method = "";

    @Label("Server")
    private String server = "";

    @Label("Number")
    private int number;

    @Label("End")
    private String end = "";

    @Label("Status")
    private int status;

    /** Keeps it, with how the attempt ended. */
    public void commit(AttemptEnded attempt) {
        venue = attempt.venue();
        method = attempt.method();
        server = attempt.server();
        number = attempt.number();
        end = attempt.end().name();
        status = attempt.status();
        commit();
    }
}
