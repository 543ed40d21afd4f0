package io.intaglio.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The command run in this JVM: its exit status and what it printed. */
record Command(int status, String out, String err) {
    static Command run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Intaglio.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Command(status, out.toString(), err.toString());
    }
}
