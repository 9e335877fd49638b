package io.millrace.storefront.training;

import io.millrace.storefront.evaluation.RankingQuality;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Towers that know what happened before a moment, with the shop as it was then, held against what customers bought from
 * that moment on: the source of the ranker's examples and of offline quality.
 */
final class Stage {

    /** A customer counts in quality from so many earlier purchases on. */
    private static final int EARLIER_ITEMS = 5;

    private static final int LIMIT = 20;

    private final Snapshot snapshot;
    private final Purchases purchases;
    private final long labelsUntil;
    private final float[] users;
    private final float[] itemVectors;

    Stage(Snapshot snapshot, TwoTower towers, Purchases purchases, long labelsUntil) {
        this.snapshot = snapshot;
        this.purchases = purchases;
        this.labelsUntil = labelsUntil;
        this.users = towers.embed(snapshot.histories());
        this.itemVectors = towers.itemVectors();
    }

    /** The candidates of every customer who bought one of them, with what became of them. */
    RankingExamples examples() {
        List<RankingExamples.Listed> lists = new ArrayList<>();
        for (int customer = 0; customer < purchases.customers(); customer++) {
            BitSet bought = purchases.newlyBought(customer, snapshot.micros(), labelsUntil);
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

    /** How good the answers would have been at that moment, by the ranker, by the towers alone and by popularity. */
    OfflineQuality quality(Ranker ranker, List<Integer> popular) {
        RankingQuality ranked = new RankingQuality(LIMIT);
        RankingQuality retrieved = new RankingQuality(LIMIT);
        RankingQuality candidatesOnly = new RankingQuality(Snapshot.CANDIDATES);
        RankingQuality floor = new RankingQuality(LIMIT);
        for (int customer = 0; customer < purchases.customers(); customer++) {
            BitSet earlier = purchases.before(customer, snapshot.micros());
            BitSet bought = purchases.newlyBought(customer, snapshot.micros(), labelsUntil);
            bought.and(snapshot.sellable());
            if (earlier.cardinality() < EARLIER_ITEMS || bought.isEmpty()) {
                continue;
            }
            Set<Integer> relevant = bought.stream().boxed().collect(Collectors.toCollection(HashSet::new));
            List<Snapshot.Candidate> candidates = candidates(customer);
            List<Integer> items =
                    candidates.stream().map(Snapshot.Candidate::item).toList();
            float[] scores = ranker.score(snapshot.rows(customer, candidates));
            ranked.add(
                    IntStream.range(0, scores.length)
                            .boxed()
                            .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                            .map(items::get)
                            .toList(),
                    relevant);
            retrieved.add(items, relevant);
            candidatesOnly.add(items, relevant);
            floor.add(
                    popular.stream()
                            .filter(item -> !earlier.get(item))
                            .limit(LIMIT)
                            .toList(),
                    relevant);
        }
        return new OfflineQuality(
                ranked.customers(),
                ranked.recall(),
                ranked.ndcg(),
                retrieved.recall(),
                candidatesOnly.recall(),
                floor.recall(),
                floor.ndcg());
    }

    private List<Snapshot.Candidate> candidates(int customer) {
        BitSet earlier = purchases.before(customer, snapshot.micros());
        return snapshot.retrieve(users, customer, itemVectors, earlier, Snapshot.CANDIDATES);
    }
}
