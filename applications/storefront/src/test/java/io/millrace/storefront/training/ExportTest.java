package io.millrace.storefront.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.storefront.onnx.OnnxCheck;
import io.millrace.wire.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExportTest {

    private static final List<String> DESCRIPTIONS =
            List.of("red mug", "blue mug", "thé à la menthe", "red plate", "blue plate", "red thé mug");

    @Test
    void theExportedTowerAnswersAsTheTrainedOne() {
        InteractionLog log = log();
        try (TwoTower towers = towers(log)) {
            List<TowerInput> inputs = List.of(
                    new TowerInput(new int[] {0, 3, 5}, new int[] {0}),
                    new TowerInput(new int[] {2}, new int[0]),
                    TowerInput.NOTHING,
                    new TowerInput(new int[] {5, 4, 3, 2, 1, 0}, new int[] {5, 4}));
            Model model = towers.export();

            float[] exported = OnnxCheck.run(model.onnx(), TowerInput.texts(inputs, log.items()));

            assertThat(OnnxCheck.requireEqual(model.name(), towers.embed(inputs), exported))
                    .isLessThan(OnnxCheck.TOLERANCE);
        }
    }

    @Test
    void aGraphCallsItsInputsAndOutputsAsItsModelYamlDoes() {
        try (TwoTower towers = towers(log())) {
            for (Model model : List.of(towers.export(), towers.exportItems())) {
                assertThat(OnnxCheck.names(model.onnx()))
                        .isEqualTo(Pattern.compile("[{ ]name: (\\w+)")
                                .matcher(new String(model.description(), StandardCharsets.UTF_8))
                                .results()
                                .map(name -> name.group(1))
                                .collect(Collectors.toSet()));
            }
        }
    }

    @Test
    void anItemTheTowerDoesNotKnowWeighsNothing() {
        InteractionLog log = log();
        try (TwoTower towers = towers(log)) {
            Map<String, String[][]> rows =
                    TowerInput.texts(List.of(TowerInput.NOTHING, TowerInput.NOTHING), log.items());
            rows.values().forEach(texts -> texts[1][0] = "never sold");

            float[] exported = OnnxCheck.run(towers.export().onnx(), rows);

            assertThat(exported).hasSize(2 * TwoTower.WIDTH);
            for (int i = 0; i < TwoTower.WIDTH; i++) {
                assertThat(exported[TwoTower.WIDTH + i]).isEqualTo(exported[i]).isFinite();
            }
        }
    }

    @Test
    void theExportedRankerAnswersAsTheTrainedOne() {
        int width = RankerColumn.ALL.size();
        Random random = new Random(1);
        float[] x = new float[40 * width];
        float[] y = new float[40];
        for (int i = 0; i < x.length; i++) {
            x[i] = 100 * random.nextFloat();
        }
        for (int row = 0; row < y.length; row++) {
            y[row] = x[row * width + width - 1] > 50 ? 1 : 0;
        }
        try (NetworkRanker ranker = new NetworkRanker(new NetworkRanker.Settings(30, 30, 4, 0.01f, 0), 1)) {
            ranker.fit(new RankingExamples(List.of(new RankingExamples.Listed(x, y))));
            Model model = ranker.export();
            float[] trained = ranker.score(x);

            assertThat(OnnxCheck.requireEqual(model.name(), trained, OnnxCheck.run(model.onnx(), x, width)))
                    .isLessThan(OnnxCheck.TOLERANCE);
            for (int row = 0; row < y.length; row++) {
                assertThat(Math.round(trained[row])).isEqualTo(Math.round(y[row]));
            }
            assertThat(new String(model.description(), StandardCharsets.UTF_8))
                    .contains("- {from: customer.purchases_7d, default: 0}", "- {from: candidates.score, default: 0}");
        }
    }

    @Test
    void theExportedTreesAnswerAsXgboostAlsoAtThresholdsAndWhereNumbersAreMissing() {
        assumeThat(TreeRanker.missing())
                .as("XGBoost has no library for every platform, and training goes on without trees there")
                .isEmpty();
        int width = Ranker.WIDTH;
        Random random = new Random(1);
        float[] x = new float[3000 * width];
        float[] y = new float[3000];
        for (int i = 0; i < x.length; i++) {
            // whole numbers, as counts are, and so often exactly a threshold; prices are not whole
            x[i] = random.nextInt(10) == 0 ? Float.NaN : random.nextInt(12) + (i % width == 13 ? 0.1f : 0);
        }
        for (int row = 0; row < y.length; row++) {
            float chance = x[row * width] < 6 ? 0.3f : x[row * width + 13] > 4.1f ? 0.1f : 0.02f;
            y[row] = random.nextFloat() < chance ? 1 : 0;
        }
        RankingExamples examples = new RankingExamples(List.of(new RankingExamples.Listed(x, y)));
        TreeRanker.Settings settings = new TreeRanker.Settings(40, 6, 0.3, 1, 1, 1);

        try (TreeRanker ranker = TreeRanker.fit(examples, settings, 1)) {
            float[] trained = ranker.score(x);
            float[] exported = OnnxCheck.run(ranker.export().onnx(), x, width);

            assertThat(ranker.rounds()).isEqualTo(40);
            assertThat(OnnxCheck.requireEqual("trees", trained, exported)).isLessThan(OnnxCheck.TOLERANCE);
            assertThat(trained[0]).isNotEqualTo(trained[1]);
        }
    }

    @Test
    void theTowersOrderIsExportedWithItsProbabilities() {
        RankingExamples examples = noisyLists(1);
        try (ScoreRanker ranker = ScoreRanker.fit(examples)) {
            float[] trained = ranker.score(examples.x());

            assertThat(OnnxCheck.requireEqual(
                            "score", trained, OnnxCheck.run(ranker.export().onnx(), examples.x(), Ranker.WIDTH)))
                    .isLessThan(OnnxCheck.TOLERANCE);
            assertThat(ScoreRanker.of(ranker.state()).score(examples.x())).isEqualTo(trained);
        }
    }

    /** The place on a page decides half of what is chosen; whoever learns from pages must not think it was the items. */
    @Test
    void treesLearnWhatIsLeftWhenThePlaceIsKnown() {
        assumeThat(TreeRanker.missing())
                .as("XGBoost has no library for every platform, and training goes on without trees there")
                .isEmpty();
        Random random = new Random(1);
        float[] x = new float[20_000 * Ranker.WIDTH];
        float[] y = new float[20_000];
        float[] offsets = new float[y.length];
        for (int row = 0; row < y.length; row++) {
            x[row * Ranker.WIDTH] = row % 2;
            offsets[row] = row % 2 == 1 ? -2 : 0;
            y[row] = random.nextDouble() < 1 / (1 + Math.exp(1 - offsets[row])) ? 1 : 0;
        }
        RankingExamples examples = new RankingExamples(List.of(new RankingExamples.Listed(x, y, offsets)));

        try (TreeRanker trees = TreeRanker.fit(examples, new TreeRanker.Settings(50, 3, 0.3, 1, 1, 1), 1)) {
            float[] scores = trees.score(x);
            assertThat(scores[0]).isCloseTo(0.27f, within(0.02f));
            assertThat(scores[1]).isCloseTo(0.27f, within(0.03f));
        }
    }

    @Test
    void treesStopGrowingWhenTheyNoLongerRankHeldOutListsBetter() {
        assumeThat(TreeRanker.missing())
                .as("XGBoost has no library for every platform, and training goes on without trees there")
                .isEmpty();
        RankingExamples examples = noisyLists(1);
        RankingExamples held = noisyLists(2);
        TreeRanker.Settings settings = new TreeRanker.Settings(600, 6, 0.3, 0.1, 1, 1);

        try (TreeRanker stopped = TreeRanker.fit(examples, held, settings, 1);
                TreeRanker all = TreeRanker.fit(examples, settings, 1)) {
            assertThat(stopped.rounds()).isBetween(1, 500);
            assertThat(held.ndcg(stopped.score(held.x()))).isGreaterThan(held.ndcg(all.score(held.x())));
        }
    }

    /** Lists in which the first column says a little of what is bought, and the others nothing. */
    private static RankingExamples noisyLists(long seed) {
        Random random = new Random(seed);
        List<RankingExamples.Listed> lists = new ArrayList<>();
        for (int list = 0; list < 40; list++) {
            float[] x = new float[50 * Ranker.WIDTH];
            float[] y = new float[50];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextFloat();
            }
            for (int row = 0; row < y.length; row++) {
                y[row] = random.nextFloat() < 0.3 * x[row * Ranker.WIDTH] ? 1 : 0;
            }
            y[0] = 1;
            lists.add(new RankingExamples.Listed(x, y));
        }
        return new RankingExamples(lists);
    }

    @Test
    void anExportThatAnswersOtherwiseIsRefused() {
        assertThatThrownBy(() -> OnnxCheck.requireEqual("m", new float[] {1}, new float[] {1.0001f}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("m: value 0");
        assertThatThrownBy(() -> OnnxCheck.requireEqual("m", new float[] {1}, new float[] {Float.NaN}))
                .isInstanceOf(IllegalStateException.class);
    }

    private static TwoTower towers(InteractionLog log) {
        BitSet seen = new BitSet();
        seen.set(0, log.items().size());
        return new TwoTower(ItemContent.of(log), seen, TwoTower.Settings.PURCHASES, 1);
    }

    private static InteractionLog log() {
        InteractionLog.Builder log = new InteractionLog.Builder();
        for (int item = 0; item < DESCRIPTIONS.size(); item++) {
            log.add(new Event(
                    "e" + item,
                    "item",
                    Instant.EPOCH,
                    Map.of("item", "é" + item),
                    null,
                    Map.of("description", DESCRIPTIONS.get(item)),
                    null));
        }
        return log.build();
    }
}
