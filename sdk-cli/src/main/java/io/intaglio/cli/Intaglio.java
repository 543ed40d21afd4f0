package io.intaglio.cli;

import io.intaglio.signing.Catalogued;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command itself; what it does is in its subcommands. */
@Command(
        name = "intaglio",
        mixinStandardHelpOptions = true,
        versionProvider = Intaglio.Version.class,
        description = "Signs requests to crypto platforms, explains signatures and replays golden vectors.",
        subcommands = {
            SignCommand.class,
            VerifyCommand.class,
            ExplainCommand.class,
            VenuesCommand.class,
            DoctorCommand.class,
            ClockCommand.class,
            ProfilesCommand.class,
            KeysCommand.class,
            KeystoreCommand.class,
            AuditCommand.class,
            FleetCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        footerHeading = "%nExit status:%n",
        footer = {
            "  0 ok               3 refused by the venue   6 refused by the guard",
            "  1 fault            4 throttled              7 network or TLS",
            "  2 wrong usage      5 unknown effect         8 clock",
            "",
            "A secret is never an argument: give a reference, env:NAME or file:PATH."
        })
public final class Intaglio implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Made by the command line. */
    public Intaglio() {}

    /** Runs the command and ends the JVM with its exit status. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs the command with these streams. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Intaglio())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    String message = failure.getMessage();
                    String id = failure instanceof Catalogued known ? " [" + known.errorId() + "]" : "";
                    command.getErr()
                            .println("intaglio: "
                                    + (message == null ? failure.getClass().getSimpleName() : message)
                                    + id);
                    return ExitCode.of(failure);
                });
        line.setParameterExceptionHandler(new ShortUsage());
        int status = line.execute(args);
        if (out.checkError()) { // flushes; a PrintWriter says of a full disk or a closed pipe only this
            err.println("intaglio: standard output could not be written to its end; do not use what is there, "
                    + "check the room on the disk, and run the command again");
            status = status == ExitCode.OK ? ExitCode.FAULT : status;
        }
        err.flush();
        return status;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** One line that says what is wrong, and where help is; not the whole usage. */
    private static final class ShortUsage implements IParameterExceptionHandler {
        @Override
        public int handleParseException(ParameterException failure, String[] args) {
            CommandLine command = failure.getCommandLine();
            PrintWriter err = command.getErr();
            err.println("intaglio: " + failure.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
            err.println("see '" + command.getCommandSpec().qualifiedName() + " --help'");
            return ExitCode.USAGE;
        }
    }

    /** The version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Intaglio.class.getPackage().getImplementationVersion();
            return new String[] {"intaglio " + (version == null ? "(built from sources)" : version)};
        }
    }
}
