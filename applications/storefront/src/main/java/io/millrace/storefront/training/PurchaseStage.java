package io.millrace.storefront.training;

import io.millrace.storefront.evaluation.RankingQuality;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Held against what customers newly bought from a moment on, with the candidates that they would have got then. */
final class PurchaseStage implements Stage {

    /** A customer counts in quality from so many earlier purchases on. */
    private static final int EARLIER_ITEMS = 5;

    private final Snapshot snapshot;
    private final Choices purchases;
    private final long labelsUntil;
    private final List<Integer> popular;
    private final float[] users;
    private final float[] itemVectors;

    /** @param popular items, best first */
    PurchaseStage(Snapshot snapshot, TwoTower towers, Choices purchases, long labelsUntil, List<Integer> popular) {
        this.snapshot = snapshot;
        this.purchases = purchases;
        this.labelsUntil = labelsUntil;
        this.popular = popular;
        this.users = towers.embed(snapshot.inputs());
        this.itemVectors = towers.itemVectors();
    }

    /** The candidates of every customer who bought one of them, with what became of them. */
    @Override
    public RankingExamples examples() {
        List<RankingExamples.Listed> lists = new ArrayList<>();
        for (int customer = 0; customer < purchases.customers(); customer++) {
            BitSet bought = purchases.newly(customer, snapshot.micros(), labelsUntil);
            if (bought.isEmpty()) {
                continue;
            }
            List<Snapshot.Candidate> candidates = candidates(customer);
            float[] y = new float[candidates.size()];
            for (int row = 0; row < y.length; row++) {
                y[row] = bought.get(candidates.get(row).item()) ? 1 : 0;
            }
            RankingExamples.Listed list = new RankingExamples.Listed(snapshot.rows(customer, candidates), y);
            if (list.bought() > 0) {
                lists.add(list);
            }
        }
        return new RankingExamples(lists);
    }

    @Override
    public OfflineQuality quality(Map<String, Ranker> rankers) {
        Map<String, ListQuality> methods = new LinkedHashMap<>();
        methods.put(OfflineQuality.BEST_SELLERS, new ListQuality());
        methods.put(OfflineQuality.TOWERS, new ListQuality());
        rankers.keySet().forEach(name -> methods.put(name, new ListQuality()));
        RankingQuality retrieval = new RankingQuality(Snapshot.CANDIDATES);
        for (int customer = 0; customer < purchases.customers(); customer++) {
            BitSet earlier = purchases.before(customer, snapshot.micros());
            BitSet bought = purchases.newly(customer, snapshot.micros(), labelsUntil);
            bought.and(snapshot.sellable());
            if (earlier.cardinality() < EARLIER_ITEMS || bought.isEmpty()) {
                continue;
            }
            Set<Integer> relevant = bought.stream().boxed().collect(Collectors.toCollection(HashSet::new));
            List<Snapshot.Candidate> candidates = candidates(customer);
            List<Integer> items =
                    candidates.stream().map(Snapshot.Candidate::item).toList();
            float[] rows = snapshot.rows(customer, candidates);
            retrieval.add(items, relevant);
            methods.forEach((name, quality) -> {
                Ranker ranker = rankers.get(name);
                if (ranker != null) {
                    rank(ranker.score(rows), items, relevant, quality);
                } else {
                    List<Integer> list = name.equals(OfflineQuality.TOWERS)
                            ? items
                            : popular.stream()
                                    .filter(item -> !earlier.get(item))
                                    .toList();
                    quality.add(list, relevant);
                }
            });
        }
        return OfflineQuality.of("customers", retrieval, methods, ListQuality::figures, rankers.keySet());
    }

    private static void rank(float[] scores, List<Integer> items, Set<Integer> relevant, ListQuality quality) {
        quality.add(
                IntStream.range(0, scores.length)
                        .boxed()
                        .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                        .map(items::get)
                        .toList(),
                relevant);
        for (int i = 0; i < scores.length; i++) {
            quality.add(scores[i], relevant.contains(items.get(i)));
        }
    }

    private List<Snapshot.Candidate> candidates(int customer) {
        BitSet earlier = purchases.before(customer, snapshot.micros());
        return snapshot.retrieve(users, customer, itemVectors, earlier, Snapshot.CANDIDATES);
    }
}
