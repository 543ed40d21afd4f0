package io.intaglio.examples.fleet;

import io.intaglio.client.ThrottledException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueException;
import io.intaglio.client.tls.Tls;
import io.intaglio.fleet.Fleet;
import io.intaglio.fleet.RedisAddress;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Venue;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One of the four processes: reads its balances as often as it may, and prints when each answer came. */
final class Desk {
    private Desk() {}

    /** Arguments: name, port of Redis, address of the venue, its trust anchor, key id, calls a second. Ends when it is ended. */
    public static void main(String[] args) {
        InstantSource clock = InstantSource.system();
        double perSecond = Double.parseDouble(args[5]);
        Venue venue = venue(URI.create(args[2]));
        Fleet.Builder member = Fleet.builder(
                        "picture",
                        RedisAddress.single("127.0.0.1", Integer.parseInt(args[1]))
                                .timeout(Duration.ofSeconds(2)))
                .member(args[0])
                .members(Picture.DESKS)
                .safeShare(Picture.SAFE_SHARE);
        try (Fleet fleet = member.open();
                VenueClient client = VenueClient.builder(venue)
                        .credential(Credential.hmac(args[4], Secret.fromEnv("DESK_SECRET")))
                        .tls(Tls.builder().trust(Path.of(args[3])).build())
                        .clock(VenueClock.trustingHost(Duration.ofMillis(5))) // the venue runs on the same host
                        .budgets(fleet.budgets())
                        .build()) {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos((long) (1e9 / perSecond));
                read(client, clock);
            }
        }
    }

    /** Binance's limit by weight, made smaller so that it can be seen to be used up; a read of balances weighs 20. */
    static Venue venue(URI at) {
        Limit weight = BinanceSpot.VENUE.limits().stream()
                .filter(limit -> limit.name().equals("request weight"))
                .findFirst()
                .orElseThrow();
        return BinanceSpot.VENUE
                .at(at)
                .withLimits(List.of(weight.withCapacity(Picture.CAPACITY * 20L).withPeriod(Picture.WINDOW)));
    }

    private static void read(VenueClient client, InstantSource clock) {
        try {
            client.send(ApiRequest.get("/api/v3/account").timeLimit(Duration.ofSeconds(8)));
            System.out.println(clock.millis() + " accepted");
        } catch (ThrottledException e) {
            System.out.println(clock.millis() + " refused");
        } catch (VenueException e) {
            System.out.println(clock.millis() + " unsent");
        }
        System.out.flush();
    }
}
