package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The shop as it was at one moment: the features of every customer and item, and which items there were. Candidates and
 * ranker rows are made here as the pipeline makes them when it serves.
 */
final class Snapshot {

    /** How many candidates the pipeline retrieves. */
    static final int CANDIDATES = 200;

    /** An item and how well it fits by the towers, best first in a list. */
    record Candidate(int item, float score) {}

    private final long micros;
    private final List<TowerInput> inputs;
    private final float[][] customerColumns;
    private final float[][] itemColumns;
    private final BitSet sellable;

    private Snapshot(
            long micros, List<TowerInput> inputs, float[][] customerColumns, float[][] itemColumns, BitSet sellable) {
        this.micros = micros;
        this.inputs = List.copyOf(inputs);
        this.customerColumns = customerColumns;
        this.itemColumns = itemColumns;
        this.sellable = sellable;
    }

    /** Asks for the features of all customers and items as of this moment. */
    static Snapshot take(InteractionLog log, TrainingSets sets, long micros) {
        return take(log.customers().ids(), log, sets, micros);
    }

    /** Asks for the features of these customers and of all items as of this moment. */
    static Snapshot take(List<String> customerIds, InteractionLog log, TrainingSets sets, long micros) {
        FeatureTable customers = sets.at("storefront_customer", customerIds, moments(customerIds.size(), micros));
        FeatureTable items = sets.at(
                "storefront_item", log.items().ids(), moments(log.items().size(), micros));
        return new Snapshot(
                micros,
                TowerInput.of(customers, log.items()),
                RankerColumn.read("customer", customers),
                RankerColumn.read("items", items),
                log.seenBefore(micros));
    }

    long micros() {
        return micros;
    }

    /** What the user tower reads of each customer. */
    List<TowerInput> inputs() {
        return inputs;
    }

    /** Items that somebody had viewed or bought by then. */
    BitSet sellable() {
        return sellable;
    }

    /** The best candidates for a customer's vector, best first. */
    List<Candidate> retrieve(float[] users, int customer, float[] itemVectors, BitSet exclude, int limit) {
        PriorityQueue<Candidate> best = new PriorityQueue<>(limit + 1, (a, b) -> Float.compare(a.score(), b.score()));
        for (int item = sellable.nextSetBit(0); item >= 0; item = sellable.nextSetBit(item + 1)) {
            if (!exclude.get(item)) {
                float score = TwoTower.score(users, customer, itemVectors, item);
                if (best.size() < limit || score > best.element().score()) {
                    best.add(new Candidate(item, score));
                    if (best.size() > limit) {
                        best.remove();
                    }
                }
            }
        }
        List<Candidate> candidates = new ArrayList<>(best);
        Collections.sort(candidates, (a, b) -> Float.compare(b.score(), a.score()));
        return candidates;
    }

    /** The ranker's rows for the candidates of one customer. */
    float[] rows(int customer, List<Candidate> candidates) {
        int width = RankerColumn.ALL.size();
        float[] x = new float[candidates.size() * width];
        for (int row = 0; row < candidates.size(); row++) {
            Candidate candidate = candidates.get(row);
            RankerColumn.fill(x, row, customerColumns, customer, itemColumns, candidate.item(), candidate.score());
        }
        return x;
    }

    private static long[] moments(int size, long micros) {
        long[] moments = new long[size];
        Arrays.fill(moments, micros);
        return moments;
    }
}
