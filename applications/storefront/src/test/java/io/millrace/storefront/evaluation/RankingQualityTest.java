package io.millrace.storefront.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RankingQualityTest {

    private final RankingQuality quality = new RankingQuality(2);

    @Test
    void recallDividesByWhatFitsInTheList() {
        quality.add(List.of("a", "x", "b"), Set.of("a", "b", "c"));

        assertThat(quality.recall()).isEqualTo(0.5);
    }

    @Test
    void aHitInSecondPlaceGainsLess() {
        quality.add(List.of("x", "a"), Set.of("a"));

        assertThat(quality.ndcg()).isCloseTo(1 / (Math.log(3) / Math.log(2)), within(1e-12));
    }

    @Test
    void meansAreOverCustomers() {
        quality.add(List.of("a"), Set.of("a"));
        quality.add(List.of("x", "y"), Set.of("a"));

        assertThat(quality.customers()).isEqualTo(2);
        assertThat(quality.recall()).isEqualTo(0.5);
        assertThat(quality.ndcg()).isEqualTo(0.5);
    }
}
