package io.millrace.storefront.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storefront.onnx.OnnxCheck;
import io.millrace.storefront.simulation.ShopSimulator;
import io.millrace.storefront.simulation.ShopSize;
import io.millrace.wire.Point;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerTest {

    private static final ShopSize TINY = new ShopSize(150, 120, 90, 8);

    @Test
    void learnsASimulatedShopAndLeavesWhatTheServicesNeed() {
        InteractionLog.Builder events = new InteractionLog.Builder();
        ShopSimulator.simulate(TINY, 1, Instant.parse("2026-11-24T09:00:00Z"))
                .events()
                .forEach(events::add);
        InteractionLog log = events.build();

        TrainedModels models = new Trainer(log, new ReplayedTrainingSets(log), 1, progress -> {}).train();

        OfflineQuality quality = models.report().quality();
        assertThat(quality.customers()).isGreaterThan(20);
        // a random list of twenty has about a fifth of the 120 items
        assertThat(quality.best().recallAt20()).isGreaterThan(0.25);
        assertThat(models.report().exportDifference()).isLessThan(OnnxCheck.TOLERANCE);
        assertThat(models.report().toMarkdown()).contains("towers and network", "best sellers");

        assertThat(models.popular()).isNotEmpty().doesNotHaveDuplicates();
        List<Point> points = models.points("storefront-items", 7);
        assertThat(points).hasSize(log.items().size());
        assertThat(points.getFirst().embeddingSpace()).isEqualTo("storefront-tower-7");
        assertThat(points.getFirst().vector()).hasSize(TwoTower.WIDTH);
        assertThat(points.getFirst().payload()).containsKeys("description", "price", "in_stock", "category");
    }

    @Test
    void saysWhenThereIsNothingToLearnFrom() {
        InteractionLog nothing = new InteractionLog.Builder().build();

        assertThatThrownBy(() -> new Trainer(nothing, new ReplayedTrainingSets(nothing), 1, progress -> {}).train())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no interactions");
    }
}
