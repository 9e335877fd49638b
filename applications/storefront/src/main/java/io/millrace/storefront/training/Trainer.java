package io.millrace.storefront.training;

import io.millrace.storefront.checkpoint.Checkpoints;
import io.millrace.storefront.onnx.OnnxCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Trains towers and ranker so that neither sees its own future.
 *
 * <pre>
 *   ... t0 ............ t1 ............ end
 *   towers A |                                 know what was before t0
 *   towers B            |                      know what was before t1
 *   towers C                             |     are shipped
 *
 *   judged:  ranker from A's scores and what was done in t0..t1, on B's scores and what was done in t1..end
 *   shipped: ranker from both periods
 * </pre>
 */
public final class Trainer {

    private static final long LONGEST_HORIZON = 60 * Moments.DAY;
    private static final double HALF_LIFE = 60.0 * Moments.DAY;
    private static final int DAYS_PER_CUSTOMER = 40;
    private static final double VISIT_HALF_LIFE = 365.0 * Moments.DAY;
    private static final int PAGES_PER_CUSTOMER = 1_000;
    private static final long PERIOD_OF_PAGES = 10 * Moments.DAY;
    private static final int CHECKED_ROWS = 500;
    private static final int POPULAR_DAYS = 28;
    private static final int POPULAR_ITEMS = 300;

    private final InteractionLog log;
    private final TrainingSets sets;
    private final long seed;
    private final Consumer<String> progress;
    private final Checkpoints checkpoints;
    private final Choices purchases;
    private final Choices choices;
    private final Pages pages;
    private final ItemContent content;
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    /**
     * A trainer of these interactions.
     *
     * @param checkpoints of a training of the same that was cut off, if there was one: it goes on
     */
    public Trainer(
            InteractionLog log, TrainingSets sets, long seed, Checkpoints checkpoints, Consumer<String> progress) {
        this.log = log;
        this.sets = new KeptTrainingSets(sets, checkpoints);
        this.seed = seed;
        this.checkpoints = checkpoints;
        this.progress = progress;
        this.purchases = Choices.purchases(log);
        this.choices = Choices.ofAnyKind(log);
        this.pages = new Pages(log);
        this.content = ItemContent.of(log);
    }

    /**
     * Trains, judges, exports.
     *
     * @throws IllegalStateException when there is too little to learn from, or an export does not answer as the network
     *     it came from
     */
    public TrainedModels train() {
        if (log.size() == 0) {
            throw new IllegalStateException("there are no interactions to learn from");
        }
        long end = log.micros(log.size() - 1) + 1;
        long horizon = Math.min(visits() ? PERIOD_OF_PAGES : LONGEST_HORIZON, (end - log.micros(0)) / 4);
        long later = end - horizon;
        long earlier = later - horizon;

        List<SampleSource.Moment> moments = timed("customer histories", this::moments);
        RankingExamples firstPeriod = examples(moments, earlier, later, horizon);
        Stage judged;
        try (TwoTower towers = towers("towers for the judged period", moments, later, horizon)) {
            judged = stage(towers, later, end);
        }
        Judged rankers = judged(judged, firstPeriod);
        return shipped(moments, firstPeriod.and(judged.examples()), end, horizon, rankers);
    }

    /**
     * What the held-out period says of the rankers.
     *
     * @param epochs how long the network should learn
     * @param rounds how many trees there should be
     */
    private record Judged(OfflineQuality quality, int epochs, int rounds) {}

    /** Trains both rankers on the first period and holds them against the second. */
    private Judged judged(Stage judged, RankingExamples firstPeriod) {
        RankingExamples held = judged.examples();
        if (firstPeriod.chosen() == 0 || held.chosen() == 0) {
            throw new IllegalStateException("there are too few purchases to learn from: nobody bought a candidate");
        }
        Optional<String> missing = TreeRanker.missing();
        missing.ifPresent(why -> progress.accept(why + ": there will be no trees"));
        ScoreRanker score = ScoreRanker.fit(firstPeriod);
        try (NetworkRanker network = new NetworkRanker(networkSettings(), seed)) {
            network.restore(stage("network, judged", () -> {
                network.fit(firstPeriod, held);
                return network.state();
            }));
            Map<String, Ranker> rankers = new LinkedHashMap<>();
            rankers.put(OfflineQuality.SCORE, score);
            rankers.put(OfflineQuality.NETWORK, network);
            if (missing.isPresent()) {
                return new Judged(quality(judged, rankers), network.epochs(), 0);
            }
            try (TreeRanker trees = TreeRanker.of(
                    stage("trees, judged", () -> state(TreeRanker.fit(firstPeriod, held, treeSettings(), seed))))) {
                rankers.put(OfflineQuality.TREES, trees);
                return new Judged(quality(judged, rankers), network.epochs(), trees.rounds());
            }
        }
    }

    private NetworkRanker.Settings networkSettings() {
        return visits() ? NetworkRanker.Settings.PAGES : NetworkRanker.Settings.CANDIDATES;
    }

    private TreeRanker.Settings treeSettings() {
        return visits() ? TreeRanker.Settings.PAGES : TreeRanker.Settings.CANDIDATES;
    }

    private OfflineQuality quality(Stage judged, Map<String, Ranker> rankers) {
        OfflineQuality quality = judged.quality(rankers);
        progress.accept("held-out period, %,d %s: Recall@200 of the candidates %.3f"
                .formatted(quality.counted(), quality.of(), quality.retrievalRecallAt200()));
        quality.methods()
                .forEach((name, figures) -> progress.accept("  %-26s %sNDCG@20 %.4f%s"
                        .formatted(
                                name,
                                figures.recallAt20() == null ? "" : "Recall@20 %.4f, ".formatted(figures.recallAt20()),
                                figures.ndcgAt20(),
                                name.equals(quality.shipped()) ? ", ships" : "")));
        return quality;
    }

    private Ranker ranker(RankingExamples examples, Judged judged) {
        String shipped = judged.quality().shipped();
        if (shipped.equals(OfflineQuality.SCORE)) {
            return ScoreRanker.of(
                    stage("ranker", () -> ScoreRanker.fit(examples).state()));
        }
        if (shipped.equals(OfflineQuality.TREES)) {
            TreeRanker.Settings settings = treeSettings().withRounds(judged.rounds());
            return TreeRanker.of(stage("ranker", () -> state(TreeRanker.fit(examples, settings, seed))));
        }
        NetworkRanker network = new NetworkRanker(networkSettings().withEpochs(judged.epochs()), seed);
        network.restore(stage("ranker", () -> {
            network.fit(examples);
            return network.state();
        }));
        return network;
    }

    private static byte[] state(Ranker ranker) {
        try (ranker) {
            return ranker.state();
        }
    }

    private TrainedModels shipped(
            List<SampleSource.Moment> moments, RankingExamples examples, long end, long horizon, Judged judged) {
        try (TwoTower towers = towers("towers", moments, end, horizon);
                Ranker ranker = ranker(examples, judged)) {
            Model towerModel = towers.export();
            Model itemModel = towers.exportItems();
            Model rankerModel = ranker.export();
            double difference = Math.max(
                    check(towers, towerModel, moments),
                    Math.max(check(towers, itemModel), check(ranker, rankerModel, examples)));
            TrainingReport report = new TrainingReport(
                    Moments.time(log.micros(0)),
                    Moments.time(end - horizon),
                    Moments.time(end - 1),
                    log.size(),
                    log.customers().size(),
                    log.items().size(),
                    moments.size(),
                    examples.rows(),
                    (double) horizon / Moments.DAY,
                    List.of(TowerInput.RECENT_ITEMS, TowerInput.SESSION_ITEMS),
                    RankerColumn.ALL.stream().map(RankerColumn::from).toList(),
                    seed,
                    judged.quality(),
                    difference,
                    seconds);
            return new TrainedModels(towerModel, itemModel, rankerModel, shownItems(towers), popular(end), report);
        }
    }

    private RankingExamples examples(List<SampleSource.Moment> moments, long cut, long until, long horizon) {
        try (TwoTower towers = towers("towers for the first period", moments, cut, horizon)) {
            return stage(towers, cut, until).examples();
        }
    }

    private Stage stage(TwoTower towers, long cut, long until) {
        if (visits()) {
            return timed(
                    "features of pages",
                    () -> new PageStage(log, sets, towers, log.pages(cut, until), pages, choices, log.seenBefore(cut)));
        }
        Snapshot snapshot = timed("features of a moment", () -> Snapshot.take(log, sets, cut));
        return new PurchaseStage(snapshot, towers, purchases, until, Popularity.ranking(log, cut, 7));
    }

    private TwoTower towers(String what, List<SampleSource.Moment> moments, long cut, long horizon) {
        SampleSource samples = visits()
                ? SampleSource.ofVisits(cut, moments, pages, choices, VISIT_HALF_LIFE)
                : SampleSource.ofPurchases(cut, moments, purchases, horizon, HALF_LIFE);
        if (samples.size() == 0) {
            throw new IllegalStateException("there are too few purchases to learn from: no customer bought something"
                    + " new in the first half of the time");
        }
        TwoTower towers = new TwoTower(
                content, log.seenBefore(cut), visits() ? TwoTower.Settings.VISITS : TwoTower.Settings.PURCHASES, seed);
        towers.restore(stage(what, () -> {
            towers.fit(samples);
            return towers.state();
        }));
        return towers;
    }

    /** The newest moments of each customer at which the towers learn. */
    private List<SampleSource.Moment> moments() {
        List<String> ids = new ArrayList<>();
        List<Integer> customers = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        for (int customer = 0; customer < log.customers().size(); customer++) {
            long[] own = visits() ? pageTimes(customer) : purchases.days(customer);
            int most = visits() ? PAGES_PER_CUSTOMER : DAYS_PER_CUSTOMER;
            for (int i = Math.max(0, own.length - most); i < own.length; i++) {
                ids.add(log.customers().id(customer));
                customers.add(customer);
                times.add(own[i]);
            }
        }
        FeatureTable features = sets.at(
                "storefront_customer",
                ids,
                times.stream().mapToLong(Long::longValue).toArray());
        List<TowerInput> inputs = TowerInput.of(features, log.items());
        List<SampleSource.Moment> moments = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            moments.add(new SampleSource.Moment(customers.get(i), times.get(i), inputs.get(i)));
        }
        return moments;
    }

    /** Whether the data says what was shown, and so what could have been chosen in a visit. */
    private boolean visits() {
        return !log.pages().isEmpty();
    }

    /** When a customer was shown pages, as far as it chose something after them in the same visit. */
    private long[] pageTimes(int customer) {
        return pages.of(customer).stream()
                .mapToLong(ShownPage::micros)
                .filter(time ->
                        !choices.between(customer, time, time + Moments.VISIT).isEmpty())
                .toArray();
    }

    private double check(TwoTower towers, Model model, List<SampleSource.Moment> moments) {
        List<TowerInput> inputs = moments.stream()
                .limit(CHECKED_ROWS)
                .map(SampleSource.Moment::input)
                .toList();
        float[] exported = OnnxCheck.run(model.onnx(), TowerInput.texts(inputs, log.items()));
        return OnnxCheck.requireEqual(model.name(), towers.embed(inputs), exported);
    }

    private double check(TwoTower towers, Model itemModel) {
        return OnnxCheck.requireEqual(
                itemModel.name(), towers.itemVectors(), OnnxCheck.run(itemModel.onnx(), content.inputs()));
    }

    private static double check(Ranker ranker, Model model, RankingExamples examples) {
        float[] rows = examples.x();
        return OnnxCheck.requireEqual(
                model.name(), ranker.score(rows), OnnxCheck.run(model.onnx(), rows, Ranker.WIDTH));
    }

    /** All items with their vectors, and how well they fit a customer of whom nothing is known. */
    private List<ShownItem> shownItems(TwoTower towers) {
        float[] vectors = towers.itemVectors();
        float[] nobody = towers.embed(List.of(TowerInput.NOTHING));
        List<ShownItem> items = new ArrayList<>();
        for (int item = 0; item < log.items().size(); item++) {
            float[] vector = Arrays.copyOfRange(vectors, item * TwoTower.WIDTH, (item + 1) * TwoTower.WIDTH);
            float score = 0;
            for (int i = 0; i < vector.length; i++) {
                score += nobody[i] * vector[i];
            }
            items.add(new ShownItem(
                    log.items().id(item), vector, score, log.catalogue().payload(item)));
        }
        return items;
    }

    private List<Integer> popular(long end) {
        return Popularity.ranking(log, end, POPULAR_DAYS).stream()
                .filter(item ->
                        Boolean.TRUE.equals(log.catalogue().payload(item).get("in_stock")))
                .limit(POPULAR_ITEMS)
                .toList();
    }

    /** What a stage leaves, which is kept; in a training that was cut off after it, what was kept then. */
    private byte[] stage(String what, Supplier<byte[]> step) {
        Optional<byte[]> kept = checkpoints.find(what);
        if (kept.isPresent()) {
            progress.accept("resumed: " + what);
            return kept.get();
        }
        return timed(what, () -> {
            byte[] left = step.get();
            checkpoints.keep(what, left);
            return left;
        });
    }

    private <T> T timed(String what, Supplier<T> step) {
        long start = System.nanoTime();
        T result = step.get();
        double took = (System.nanoTime() - start) / 1e9;
        seconds.merge(what, took, Double::sum);
        progress.accept("%s: %.1f s".formatted(what, took));
        return result;
    }
}
