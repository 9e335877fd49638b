package io.millrace.storefront.evaluation;

import java.util.List;
import java.util.Set;

/** Means over customers of how good their lists are. */
public final class RankingQuality {

    private final int limit;
    private int customers;
    private double recall;
    private double gain;

    /** Quality of the first {@code limit} places. */
    public RankingQuality(int limit) {
        this.limit = limit;
    }

    /** Counts one customer's list, best first, against the items that would have been right, at least one. */
    public <T> void add(List<T> ranked, Set<T> relevant) {
        int possible = Math.min(limit, relevant.size());
        int hits = 0;
        double sum = 0;
        double ideal = 0;
        for (int place = 0; place < limit; place++) {
            double discount = Math.log(2) / Math.log(place + 2);
            if (place < ranked.size() && relevant.contains(ranked.get(place))) {
                hits++;
                sum += discount;
            }
            if (place < possible) {
                ideal += discount;
            }
        }
        customers++;
        recall += (double) hits / possible;
        gain += sum / ideal;
    }

    public int customers() {
        return customers;
    }

    /** The mean share of the relevant items found, of those that fit in the list. */
    public double recall() {
        return customers == 0 ? 0 : recall / customers;
    }

    /** The mean normalized discounted cumulative gain. */
    public double ndcg() {
        return customers == 0 ? 0 : gain / customers;
    }
}
