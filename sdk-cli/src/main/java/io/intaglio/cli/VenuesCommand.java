package io.intaglio.cli;

import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "venues",
        mixinStandardHelpOptions = true,
        description =
                "Lists the venues: how they sign, nonce rule, time window, how many rate limits are known (--json shows them), how well the"
                        + " signing rule is known, and address.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio venues",
            "  intaglio venues --json | jq -r 'select(.confirmed == \"unconfirmed\") | .venue'"
        })
final class VenuesCommand implements Callable<Integer> {
    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Venues.all().forEach(venue -> out.println(Json.line(facts(venue))));
            return ExitCode.OK;
        }
        Table table = new Table("venue", "family", "algorithms", "nonce", "window", "limits", "confirmed", "address");
        for (Venue venue : Venues.all()) {
            Map<String, @Nullable Object> facts = facts(venue);
            table.row(
                    venue.name(),
                    venue.scheme().family(),
                    String.join(", ", algorithms(venue)),
                    String.valueOf(facts.get("nonce")),
                    String.valueOf(facts.getOrDefault("window", "")),
                    venue.limits().isEmpty()
                            ? ""
                            : Integer.toString(venue.limits().size()),
                    String.valueOf(facts.get("confirmed")),
                    venue.baseUri().toString());
        }
        table.print(out);
        out.println(Venues.all().size() + " venues");
        return ExitCode.OK;
    }

    private static List<String> algorithms(Venue venue) {
        List<String> names = new ArrayList<>();
        venue.scheme().algorithms().forEach(algorithm -> names.add(algorithm.name()));
        return names;
    }

    private static Map<String, @Nullable Object> facts(Venue venue) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("venue", venue.name());
        facts.put("aliases", venue.aliases());
        facts.put("family", venue.scheme().family());
        facts.put("algorithms", algorithms(venue));
        facts.put("nonce", word(venue.nonceRule()));
        venue.window()
                .ifPresent(window -> facts.put(
                        "window",
                        "-" + window.past().toSeconds() + "s/+"
                                + window.future().toSeconds() + "s"));
        Map<String, String> environments = new LinkedHashMap<>();
        venue.environments().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(environment -> environments.put(
                        environment.getKey(), environment.getValue().toString()));
        facts.put("limits", venue.limits().stream().map(Limit::toString).toList());
        facts.put("environments", environments);
        facts.put("confirmed", word(venue.confirmation()));
        facts.put("dedup", word(venue.dedup()));
        return facts;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
