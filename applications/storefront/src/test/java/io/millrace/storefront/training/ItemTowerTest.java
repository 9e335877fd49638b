package io.millrace.storefront.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.storefront.onnx.OnnxCheck;
import io.millrace.wire.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ItemTowerTest {

    private final InteractionLog log = log();
    private final ItemContent content = ItemContent.of(log);
    private final TwoTower towers =
            new TwoTower(content, log.seenBefore(Long.MAX_VALUE), TwoTower.Settings.PURCHASES, 1);

    /** So that no part of it is what it began with; prices begin with nothing. */
    @BeforeEach
    void learn() {
        List<SampleSource.Moment> moments = List.of(new SampleSource.Moment(0, 0, TowerInput.NOTHING));
        towers.fit(
                SampleSource.ofPurchases(2 * Moments.DAY, moments, Choices.purchases(log), Moments.DAY, Moments.DAY));
    }

    @AfterEach
    void close() {
        towers.close();
    }

    @Test
    void theExportedTowerAnswersAsTheTrainedOneForEveryItem() {
        Model model = towers.exportItems();

        float[] exported = OnnxCheck.run(model.onnx(), content.inputs());

        assertThat(OnnxCheck.requireEqual(model.name(), towers.itemVectors(), exported))
                .isLessThan(OnnxCheck.TOLERANCE);
        assertThat(new String(model.description(), StandardCharsets.UTF_8))
                .contains("embedding_space: storefront-tower\n", "from: item.list_price");
    }

    @Test
    void anItemThatNobodyHasSeenIsWhereItsWordsCategoryAndPriceAre() {
        float[] known = towers.itemVectors();
        int unseen = content.items().find("i5");

        float[] spelledOtherwise = vector("never heard of", "  Red THÉ Mug  RED ", "mugs", 3.5f);
        float[] noneOfIt = vector("never heard of", "", "", 0);

        for (int i = 0; i < TwoTower.WIDTH; i++) {
            assertThat(spelledOtherwise[i]).isCloseTo(known[unseen * TwoTower.WIDTH + i], within(1e-5f));
            assertThat(noneOfIt[i]).isZero();
        }
        assertThat(vector("new", "red thé mug", "plates", 3.5f)).isNotEqualTo(spelledOtherwise);
        assertThat(vector("new", "red thé mug", "mugs", 9f)).isNotEqualTo(spelledOtherwise);
        assertThat(vector("new", "red thé plate", "mugs", 3.5f)).isNotEqualTo(spelledOtherwise);
    }

    @Test
    void anItemOfWhichOnlyItsPriceIsUnknownHasAllTheRest() {
        assertThat(vector("new", "red", "", 0)).isNotEqualTo(vector("new", "", "", 0));
        assertThat(vector("new", "unheard words", "unheard category", -1)).isEqualTo(vector("new", "", "", 0));
    }

    private float[] vector(String id, String description, String category, float price) {
        return OnnxCheck.run(
                towers.exportItems().onnx(),
                Map.of(
                        "id", new String[][] {{id}},
                        "description", new String[][] {{description}},
                        "category", new String[][] {{category}},
                        "price", new float[][] {{price}}));
    }

    private static InteractionLog log() {
        InteractionLog.Builder log = new InteractionLog.Builder();
        log.add(item("i0", Map.of("description", "RED/WHITE thé mug, large", "category", "mugs", "price", 2.5)));
        log.add(item("i1", Map.of("description", "Red thé mug", "category", "mugs", "price", 3L)));
        log.add(item("i2", Map.of("description", "red  white-plate", "category", "plates", "price", 7.25)));
        log.add(item("i3", Map.of()));
        log.add(item("i4", Map.of("description", "white mug red thé of", "category", "mugs", "price", 0.0)));
        log.add(item("i5", Map.of("description", "RED thé mug/red", "category", "mugs", "price", 3.5)));
        for (int item = 0; item < 5; item++) {
            // nobody has seen the last
            log.add(new Event(
                    "p-" + item,
                    "purchase",
                    Instant.EPOCH.plusSeconds(60),
                    Map.of("customer", "c", "item", "i" + item),
                    null,
                    Map.of(),
                    null));
        }
        return log.build();
    }

    private static Event item(String id, Map<String, Object> value) {
        return new Event("e-" + id, "item", Instant.EPOCH, Map.of("item", id), null, value, null);
    }
}
