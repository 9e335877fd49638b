package io.millrace.storefront.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storefront.checkpoint.Checkpoints;
import io.millrace.storefront.onnx.OnnxCheck;
import io.millrace.storefront.simulation.ShopSimulator;
import io.millrace.storefront.simulation.ShopSize;
import io.millrace.wire.Point;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

        TrainedModels models =
                new Trainer(log, new ReplayedTrainingSets(log), 1, Checkpoints.none(), progress -> {}).train();

        OfflineQuality quality = models.report().quality();
        assertThat(quality.counted()).isGreaterThan(100);
        assertThat(quality.best().ndcgAt10()).isGreaterThan(ndcgAt10(quality, OfflineQuality.BEST_SELLERS) + 0.05);
        assertThat(quality.best().ndcgAt10()).isGreaterThan(ndcgAt10(quality, OfflineQuality.TOWERS) - 0.001);
        assertThat(quality.best().calibrationError()).isLessThan(0.02);
        assertThat(models.report().exportDifference()).isLessThan(OnnxCheck.TOLERANCE);
        assertThat(models.report().toMarkdown())
                .contains("towers and network", "best sellers")
                .contains("session_items", "customer.purchases_7d, ");

        assertThat(models.popular()).isNotEmpty().doesNotHaveDuplicates();
        List<Point> points = models.points("storefront-items", 7);
        assertThat(points).hasSize(log.items().size());
        assertThat(points.getFirst().embeddingSpace()).isEqualTo("storefront-tower-7");
        assertThat(points.getFirst().vector()).hasSize(TwoTower.WIDTH);
        assertThat(points.getFirst().payload()).containsKeys("description", "price", "in_stock", "category");

        // an item nobody has seen is nearer to what it would be if it were known than to what another one is
        float[] strangers = strangers(models.itemTower(), ItemContent.of(log));
        int nearer = 0;
        for (int item = 0; item < log.items().size(); item++) {
            float[] known = models.items().get(item).vector();
            int other = (item + 1) % log.items().size();
            nearer += cosine(strangers, item, known) > cosine(strangers, other, known) ? 1 : 0;
        }
        assertThat(nearer).isGreaterThan(110);
    }

    /** The vectors of items that are told of as these are, but that nobody has seen. */
    static float[] strangers(Model itemTower, ItemContent content) {
        Map<String, Object> inputs = new HashMap<>(content.inputs());
        String[][] ids = new String[content.items().size()][];
        Arrays.fill(ids, new String[] {"never heard of"});
        inputs.put("id", ids);
        return OnnxCheck.run(itemTower.onnx(), inputs);
    }

    private static double cosine(float[] vectors, int item, float[] other) {
        double product = 0;
        double length = 0;
        double otherLength = 0;
        for (int i = 0; i < other.length; i++) {
            float one = vectors[item * other.length + i];
            product += one * other[i];
            length += one * one;
            otherLength += other[i] * other[i];
        }
        return product / Math.sqrt(length * otherLength);
    }

    private static double ndcgAt10(OfflineQuality quality, String method) {
        return quality.methods().entrySet().stream()
                .filter(one -> one.getKey().equals(method))
                .findFirst()
                .orElseThrow()
                .getValue()
                .ndcgAt10();
    }

    @Test
    void saysWhenThereIsNothingToLearnFrom() {
        InteractionLog nothing = new InteractionLog.Builder().build();

        assertThatThrownBy(() -> new Trainer(
                                nothing, new ReplayedTrainingSets(nothing), 1, Checkpoints.none(), progress -> {})
                        .train())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no interactions");
    }
}
