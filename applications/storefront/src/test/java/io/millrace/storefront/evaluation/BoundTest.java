package io.millrace.storefront.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.storefront.simulation.Moment;
import io.millrace.storefront.simulation.Panel;
import io.millrace.storefront.simulation.ShopSimulator;
import io.millrace.storefront.simulation.ShopSize;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundTest {

    private static final Instant END = Instant.parse("2026-11-24T09:00:00Z");

    private static final ShopSimulator.SimulatedShop SHOP =
            ShopSimulator.simulate(new ShopSize(150, 300, 90, 18), 4, END);

    private static final List<Moment> MOMENTS = Panel.visit(SHOP.truth(), SHOP.events(), END, 60, 30, 9);

    @Test
    void theBoundIsBelowTheOracleAndAboveEverythingElse() {
        ShopScore oracle = new ShopScore();
        ShopScore bound = new ShopScore();
        ShopScore before = new ShopScore();
        ShopScore popular = new ShopScore();
        ShopScore random = new ShopScore();
        double[] sales = BestSellers.of(SHOP.events(), END, SHOP.truth().size().items());
        for (Moment moment : MOMENTS) {
            oracle.add(moment, ShopScore.order(moment, moment.truth()));
            bound.add(moment, ShopScore.order(moment, moment.known()));
            before.add(moment, ShopScore.order(moment, moment.knownBefore()));
            popular.add(moment, ShopScore.order(moment, sales));
            random.addRandom(moment);
        }

        assertThat(oracle.means().ndcgAt10()).isEqualTo(1);
        assertThat(oracle.means().recallAt50()).isEqualTo(1);
        assertThat(bound.means().ndcgAt10()).isBetween(0.6, 0.97);
        assertThat(before.means().ndcgAt10()).isLessThan(bound.means().ndcgAt10() - 0.1);
        assertThat(popular.means().ndcgAt10()).isLessThan(before.means().ndcgAt10() - 0.05);
        assertThat(random.means().ndcgAt10()).isLessThan(popular.means().ndcgAt10());
        assertThat(random.means().recallAt100()).isLessThan(popular.means().recallAt100());
        assertThat(bound.means().clicks()).isLessThan(oracle.means().clicks());
    }

    /** Calibration: what the bound calls a probability is one. */
    @Test
    void theBoundsProbabilitiesAreTrueOnAverage() {
        double known = 0;
        double before = 0;
        double truth = 0;
        for (Moment moment : MOMENTS) {
            for (int item : ShopScore.order(moment, moment.known()).subList(0, 20)) {
                known += moment.known()[item];
                truth += moment.truth()[item];
            }
            for (int item : ShopScore.order(moment, moment.knownBefore()).subList(0, 20)) {
                before += moment.knownBefore()[item] - moment.truth()[item];
            }
        }
        assertThat(known / truth).isBetween(0.9, 1.1);
        assertThat(Math.abs(before) / truth).isLessThan(0.1);
    }

    @Test
    void theVisitOfAFreshCustomerIsAllThatIsKnownOfIt() {
        Moment fresh = MOMENTS.getFirst();

        assertThat(fresh.fresh()).isTrue();
        assertThat(fresh.visit()).isNotEmpty().allMatch(event -> event.time().isBefore(END));
        assertThat(MOMENTS.get(1).knownBefore()[0])
                .isCloseTo(fresh.knownBefore()[0], within(0.3 * fresh.knownBefore()[0]));
    }
}
