package io.intaglio.cli;

import io.intaglio.client.profile.Profile;
import io.intaglio.client.profile.ProfileException;
import io.intaglio.client.profile.Profiles;
import io.intaglio.client.profile.Setting;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "profiles",
        mixinStandardHelpOptions = true,
        description = "Lists the profiles, checks them, and shows where each value comes from; never a secret.",
        footerHeading = "%nExample:%n",
        footer = {"  intaglio profiles --check desk", "", "The exit status is 1 when a profile has a fault."})
final class ProfilesCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Profiles to show; all unless named.")
    private List<String> names = List.of();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Instead of $INTAGLIO_PROFILES or ~/.config/intaglio/profiles.toml.")
    private @Nullable Path file;

    @Option(
            names = "--check",
            description = "Also read the secrets and keystores, which may run commands, and see whether they fit.")
    private boolean check;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Profiles profiles = file == null ? Profiles.standard() : Profiles.read(file);
        PrintWriter out = spec.commandLine().getOut();
        boolean sound = true;
        for (String name : names.isEmpty() ? profiles.names() : names) {
            List<Setting> settings = new ArrayList<>();
            List<String> faults = new ArrayList<>();
            try {
                Profile profile = profiles.get(name);
                settings.addAll(profile.settings());
                faults.addAll(check ? profile.faults() : profile.staticFaults());
            } catch (ProfileException e) {
                faults.add(String.valueOf(e.getMessage()));
            }
            sound &= faults.isEmpty();
            if (json) {
                out.println(Json.line(object(name, settings, faults)));
            } else {
                print(out, name, settings, faults);
            }
        }
        return sound ? ExitCode.OK : ExitCode.FAULT;
    }

    private static Map<String, Object> object(String name, List<Setting> settings, List<String> faults) {
        List<Map<String, String>> values = new ArrayList<>();
        for (Setting setting : settings) {
            Map<String, String> value = new LinkedHashMap<>();
            value.put("key", setting.key());
            value.put("value", setting.shown());
            value.put("source", setting.source());
            values.add(value);
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("profile", name);
        object.put("settings", values);
        object.put("faults", faults);
        return object;
    }

    private void print(PrintWriter out, String name, List<Setting> settings, List<String> faults) {
        out.println("[" + name + "] "
                + (!faults.isEmpty()
                        ? "has a fault"
                        : check ? "can be used" : "reads well; --check tries its secrets"));
        Table table = new Table("  key", "value", "from");
        settings.forEach(setting -> table.row("  " + setting.key(), setting.shown(), setting.source()));
        table.print(out);
        faults.forEach(fault -> out.println("  fault: " + fault));
    }
}
