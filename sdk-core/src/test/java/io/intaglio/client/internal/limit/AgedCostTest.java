package io.intaglio.client.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Priority;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kraken's engine counter, against the table of docs.kraken.com, "Spot Trading Limits": 60 units a pair, one unit a second goes. */
class AgedCostTest {
    private static final ApiRequest ORDER =
            ApiRequest.post("/0/private/AddOrder").form("pair", "XBTUSD").form("cl_ord_id", "mine");

    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:30Z"));
    private final VenueClock clock = VenueClock.of(time, time.ticker());
    private final ClientBudget budget =
            new ClientBudget(new VenueBudget(), KrakenSpot.VENUE.limits(), clock, "key", "account");

    private static ApiRequest about(String call, String id) {
        return ApiRequest.post("/0/private/" + call).form("txid", id);
    }

    private void take(ApiRequest request) {
        Ticket ticket = budget.ticket(request, Priority.RISK_REDUCING);
        assertThat(ticket.poll()).isZero();
        ticket.answered(true, "", name -> Optional.empty());
    }

    /** How long an order of the pair that costs 1 waits says how full the pair's counter is: a second for each unit beyond the room for orders. */
    private long waitOfCancels(int cancels) {
        for (int i = 0; i < cancels; i++) {
            take(about("CancelOrder", "OID-" + i));
        }
        return budget.untilFits(ORDER, Priority.ORDER).orElseThrow().toSeconds();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8", "4, 8", "5, 6", "9, 6", "10, 5", "14, 5", "15, 4", "44, 4", "45, 2", "89, 2", "90, 1", "299, 1",
        "300, 0"
    })
    void ticket_cancelOfAnOrderOfThisAge_costsWhatTheTableSays(int seconds, int cost) {
        for (int i = 0; i < 10; i++) {
            budget.placed(ORDER, List.of("OID-" + i));
        }
        time.advance(Duration.ofSeconds(seconds));
        long room = 60 - 6; // a tenth is kept for cancels
        int cancels = cost == 0 ? 10 : 60 / cost > 10 ? 10 : 60 / cost;
        assertThat(waitOfCancels(cancels)).isEqualTo(Math.max(0, cancels * cost + 1 - room));
    }

    @ParameterizedTest
    @CsvSource({"0, 4, 7", "5, 3, 6", "10, 2, 5", "15, 1, 3", "45, 1, 2", "90, 1, 1"})
    void ticket_amendAndEdit_costOneMoreThanTheAgeAdds(int seconds, int amend, int edit) {
        budget.placed(ORDER, List.of("OID"));
        time.advance(Duration.ofSeconds(seconds));
        assertThat(unitsOf(about("AmendOrder", "OID"))).isEqualTo(amend);
        assertThat(unitsOf(about("EditOrder", "OID"))).isEqualTo(edit);
    }

    private long unitsOf(ApiRequest request) {
        Duration age = Duration.between(Instant.parse("2026-03-01T12:00:30Z"), clock.now());
        return KrakenSpot.VENUE.limits().get(1).cost(request, age);
    }

    /** An order that somebody else placed, or long ago: as dear as it can be, in a count of its own. */
    @Test
    void ticket_cancelOfAnUnknownOrder_isTakenToBeNew() {
        assertThat(KrakenSpot.VENUE.limits().get(1).cost(about("CancelOrder", "OTHER")))
                .isEqualTo(8);
        assertThat(waitOfCancels(7)).as("the pair is not known").isZero();
    }

    /** An order has two ids, and an amend may name the one and a cancel the other. */
    @Test
    void changed_byOneIdOfTheOrder_isNewByTheOtherToo() {
        for (int i = 0; i < 7; i++) {
            budget.placed(ORDER, List.of("mine-" + i, "OID-" + i));
        }
        time.advance(Duration.ofMinutes(10));
        for (int i = 0; i < 7; i++) {
            budget.changed(about("AmendOrder", "mine-" + i));
        }
        assertThat(waitOfCancels(7)).isEqualTo(7 * 8 + 1 - 54);
    }

    @Test
    void changed_amendedOrder_isNewAgain() {
        for (int i = 0; i < 7; i++) {
            budget.placed(ORDER, List.of("OID-" + i));
        }
        time.advance(Duration.ofMinutes(10));
        for (int i = 0; i < 7; i++) {
            budget.changed(about("AmendOrder", "OID-" + i));
        }
        assertThat(waitOfCancels(7)).isEqualTo(7 * 8 + 1 - 54);
    }
}
