package io.millrace.storefront.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.storefront.simulation.Moment;
import java.time.Instant;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShopReportTest {

    private static final int ITEMS = 100;

    @Test
    void attainedShareIsZeroForRandomOrderOneForTheBoundAndAHalfBetween() {
        // item 0 is the likeliest, 99 the least; item 3 was clicked already
        Moment moment = moment();
        List<Integer> best = ShopScore.order(moment, moment.truth());
        Map<String, ShopScore> scores = new LinkedHashMap<>();
        score(scores, ShopReport.RANDOM).addRandom(moment);
        score(scores, ShopReport.BOUND).add(moment, best);
        score(scores, "half").addRandom(moment);
        score(scores, "half").add(moment, best);

        ShopReport.Group group = ShopReport.group("all", scores);

        assertThat(best).hasSize(ITEMS - 1).doesNotContain(3).startsWith(0, 1, 2, 4);
        assertThat(group.methods().get(0).shares().ndcgAt10()).isZero();
        assertThat(group.methods().get(1).shares().ndcgAt10()).isEqualTo(1);
        assertThat(group.methods().get(2).shares().ndcgAt10()).isCloseTo(0.5, within(1e-9));
        assertThat(group.methods().get(2).shares().clicks()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void whatIsNotInTheListCountsForNothing() {
        Moment moment = moment();
        ShopScore score = new ShopScore();
        score.add(moment, List.of(0, 3));

        ShopScore.Means means = score.means();

        assertThat(means.recallAt100()).isEqualTo(0.05);
        // the first place alone: an item clicked before gains nothing at the second
        assertThat(means.clicks()).isEqualTo(moment.truth()[0]);
        assertThat(means.ndcgAt10()).isBetween(0.1, 0.3);
    }

    private static ShopScore score(Map<String, ShopScore> scores, String name) {
        return scores.computeIfAbsent(name, _ -> new ShopScore());
    }

    private static Moment moment() {
        double[] truth =
                IntStream.range(0, ITEMS).mapToDouble(i -> 0.5 - 0.004 * i).toArray();
        BitSet clicked = new BitSet();
        clicked.set(3);
        return new Moment(1, false, Instant.EPOCH, List.of(), clicked, truth, truth, truth);
    }
}
