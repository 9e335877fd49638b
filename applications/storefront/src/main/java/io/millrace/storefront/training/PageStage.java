package io.millrace.storefront.training;

import io.millrace.storefront.evaluation.RankingQuality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Held against the pages that customers were shown from a moment on: what did they choose of them? Each row has the features
 * of its customer and item when the page was shown, and the score of the towers for what they could read of the customer then.
 */
final class PageStage implements Stage {

    /** How many pages there are at most, the newest. */
    private static final int PAGES = 4_000;

    private static final int SCORE = RankerColumn.SCORE;
    private static final int SALES = RankerColumn.place("items", "purchases_7d");

    private final List<RankingExamples.Listed> lists = new ArrayList<>();
    private final RankingQuality retrieval = new RankingQuality(Snapshot.CANDIDATES);

    /**
     * @param pages shown after what the towers know of
     * @param sellable the items that could be shown
     */
    PageStage(
            InteractionLog log,
            TrainingSets sets,
            TwoTower towers,
            List<ShownPage> pages,
            Pages allPages,
            Choices choices,
            BitSet sellable) {
        List<ShownPage> newest = pages.subList(Math.max(0, pages.size() - PAGES), pages.size());
        FeatureTable customers = sets.at(
                "storefront_customer",
                newest.stream().map(page -> log.customers().id(page.customer())).toList(),
                newest.stream().mapToLong(ShownPage::micros).toArray());
        FeatureTable items = sets.at(
                "storefront_item",
                newest.stream()
                        .flatMap(page -> Arrays.stream(page.items()).mapToObj(log.items()::id))
                        .toList(),
                newest.stream()
                        .flatMapToLong(page -> Arrays.stream(page.items()).mapToLong(_ -> page.micros()))
                        .toArray());
        float[][] customerColumns = RankerColumn.read("customer", customers);
        float[][] itemColumns = RankerColumn.read("items", items);
        float[] users = towers.embed(TowerInput.of(customers, log.items()));
        float[] vectors = towers.itemVectors();
        Examination examination = Examination.of(newest, allPages, choices);
        int itemRow = 0;
        for (int row = 0; row < newest.size(); row++) {
            ShownPage page = newest.get(row);
            int size = page.items().length;
            float[] x = new float[size * Ranker.WIDTH];
            float[] offsets = new float[size];
            for (int place = 0; place < size; place++) {
                float score = TwoTower.score(users, row, vectors, page.items()[place]);
                RankerColumn.fill(x, place, customerColumns, row, itemColumns, itemRow++, score);
                offsets[place] = examination.logarithm(place);
            }
            float[] y = allPages.labels(page, choices);
            lists.add(new RankingExamples.Listed(x, y, offsets));
            count(page, y, users, row, vectors, sellable);
        }
    }

    @Override
    public RankingExamples examples() {
        return new RankingExamples(lists);
    }

    @Override
    public OfflineQuality quality(Map<String, Ranker> rankers) {
        Map<String, ListQuality> methods = new LinkedHashMap<>();
        methods.put(OfflineQuality.BEST_SELLERS, judged(list -> column(list.x(), SALES), false));
        methods.put(OfflineQuality.TOWERS, judged(list -> column(list.x(), SCORE), false));
        rankers.forEach((name, ranker) -> methods.put(name, judged(list -> ranker.score(list.x()), true)));
        return OfflineQuality.of("pages", retrieval, methods, ListQuality::figuresOfPages, rankers.keySet());
    }

    /** Scores for the rows of a list. */
    private interface Method {
        float[] score(RankingExamples.Listed list);
    }

    private ListQuality judged(Method method, boolean probabilities) {
        ListQuality quality = new ListQuality();
        for (RankingExamples.Listed list : lists) {
            float[] scores = method.score(list);
            if (list.bought() > 0) {
                Set<Integer> chosen = new TreeSet<>();
                IntStream.range(0, scores.length)
                        .filter(row -> list.y()[row] == 1)
                        .forEach(chosen::add);
                quality.add(
                        IntStream.range(0, scores.length)
                                .boxed()
                                .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                                .toList(),
                        chosen);
            }
            for (int row = 0; probabilities && row < scores.length; row++) {
                // at this place the item was looked at less than it would be at the first
                double odds = scores[row] / (1 - scores[row]) * Math.exp(list.offsets()[row]);
                quality.add((float) (odds / (1 + odds)), list.y()[row] == 1);
            }
        }
        return quality;
    }

    private void count(ShownPage page, float[] y, float[] users, int row, float[] vectors, BitSet sellable) {
        Set<Integer> chosen = new TreeSet<>();
        for (int place = 0; place < y.length; place++) {
            if (y[place] == 1) {
                chosen.add(page.items()[place]);
            }
        }
        if (!chosen.isEmpty()) {
            retrieval.add(
                    sellable.stream()
                            .boxed()
                            .sorted((a, b) -> Float.compare(
                                    TwoTower.score(users, row, vectors, b), TwoTower.score(users, row, vectors, a)))
                            .limit(Snapshot.CANDIDATES)
                            .toList(),
                    chosen);
        }
    }

    private static float[] column(float[] x, int column) {
        float[] values = new float[x.length / Ranker.WIDTH];
        for (int row = 0; row < values.length; row++) {
            values[row] = x[row * Ranker.WIDTH + column];
        }
        return values;
    }
}
