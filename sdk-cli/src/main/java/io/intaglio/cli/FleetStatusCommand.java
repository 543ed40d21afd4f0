package io.intaglio.cli;

import io.intaglio.fleet.FleetStatus;
import io.intaglio.fleet.RedisAddress;
import io.intaglio.signing.secret.SecretStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
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
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Members, what each used and holds of each limit, bans, and whether all is stopped. Changes nothing.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio fleet status --redis redis://127.0.0.1:6379 desk",
            "  intaglio fleet status --redis rediss-sentinel://s1:26379,s2:26379/desk --user ops --password env:REDIS_PASSWORD desk"
        })
final class FleetStatusCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FLEET", description = "Its name.")
    private String fleet = "";

    @Option(
            names = "--redis",
            required = true,
            paramLabel = "ADDRESS",
            description = "redis://host:port, redis-sentinel://host:port,.../master or redis-cluster://host:port,...;"
                    + " rediss for TLS.")
    private String redis = "";

    @Option(names = "--user", paramLabel = "NAME", description = "Of Redis; 'default' unless set.")
    private String user = "default";

    @Option(
            names = "--password",
            paramLabel = "REFERENCE",
            description = "Where the password is: env:NAME, file:PATH, ...")
    private @Nullable String password;

    @Option(names = "--ca", paramLabel = "FILE", description = "PEM certificates to trust; means TLS.")
    private @Nullable Path ca;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        FleetStatus status = FleetStatus.of(fleet, address());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.line(members(status)));
        } else {
            print(out, status);
        }
        return ExitCode.OK;
    }

    private RedisAddress address() {
        RedisAddress address;
        try {
            address = RedisAddress.parse(redis);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        if (ca != null) {
            address = address.trust(ca);
        }
        return password == null
                ? address
                : address.user(user, SecretStore.standard().resolve(password));
    }

    private static void print(PrintWriter out, FleetStatus status) {
        status.stopped().ifPresent(why -> out.println("STOPPED: " + why));
        Table members = new Table("member", "id", "heard", "safe share");
        for (FleetStatus.Member member : status.members()) {
            members.row(
                    member.name(),
                    member.id(),
                    member.isAlive() ? "alive" : seconds(member.silentFor()) + " s ago",
                    Math.round(member.safeShare() * 1000) / 10.0 + " %");
        }
        members.print(out);
        if (!status.limits().isEmpty()) {
            out.println();
            Table limits =
                    new Table("venue", "limit", "by", "capacity", "used", "held", "strangers", "members: used+held");
            for (FleetStatus.LimitState limit : status.limits()) {
                limits.row(
                        limit.venue(),
                        limit.limit(),
                        limit.scope(),
                        Long.toString(limit.capacity()),
                        Long.toString(limit.used()),
                        Long.toString(limit.held()),
                        Long.toString(limit.strangers()),
                        limit.isRecovering() ? "safe shares only, as Redis has lost its data" : shares(status, limit));
            }
            limits.print(out);
        }
        for (FleetStatus.Closure closure : status.closures()) {
            out.println((closure.isBan() ? "BANNED" : "asked to wait") + " by " + closure.venue() + " for "
                    + seconds(closure.left()) + " s");
        }
        long alive =
                status.members().stream().filter(FleetStatus.Member::isAlive).count();
        out.println(alive + " members of " + status.fleet() + " alive");
    }

    private static String shares(FleetStatus status, FleetStatus.LimitState limit) {
        List<String> texts = new ArrayList<>();
        for (FleetStatus.Member member : status.members()) {
            FleetStatus.Share share = limit.shares().get(member.id());
            if (share != null) {
                texts.add(member.name() + " " + share.used() + "+" + share.held());
            }
        }
        return String.join(", ", texts);
    }

    private static long seconds(Duration time) {
        return (time.toMillis() + 999) / 1000;
    }

    private static Map<String, @Nullable Object> members(FleetStatus status) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("fleet", status.fleet());
        status.stopped().ifPresent(why -> all.put("stopped", why));
        List<Object> members = new ArrayList<>();
        for (FleetStatus.Member member : status.members()) {
            members.add(Map.of(
                    "id", member.id(),
                    "name", member.name(),
                    "safeShare", member.safeShare(),
                    "silentMillis", member.silentFor().toMillis(),
                    "alive", member.isAlive()));
        }
        all.put("members", members);
        List<Object> limits = new ArrayList<>();
        for (FleetStatus.LimitState limit : status.limits()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("venue", limit.venue());
            facts.put("limit", limit.limit());
            facts.put("scope", limit.scope());
            facts.put("capacity", limit.capacity());
            facts.put("used", limit.used());
            facts.put("held", limit.held());
            facts.put("strangers", limit.strangers());
            facts.put("recovering", limit.isRecovering());
            Map<String, Object> shares = new LinkedHashMap<>();
            limit.shares().forEach((id, share) -> shares.put(id, Map.of("used", share.used(), "held", share.held())));
            facts.put("shares", shares);
            limits.add(facts);
        }
        all.put("limits", limits);
        List<Object> closures = new ArrayList<>();
        for (FleetStatus.Closure closure : status.closures()) {
            closures.add(Map.of(
                    "venue", closure.venue(),
                    "ban", closure.isBan(),
                    "leftMillis", closure.left().toMillis()));
        }
        all.put("closures", closures);
        return all;
    }
}
