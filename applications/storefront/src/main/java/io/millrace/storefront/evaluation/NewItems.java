package io.millrace.storefront.evaluation;

import io.millrace.storefront.simulation.Moment;
import io.millrace.storefront.simulation.ShopTruth;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How many of the likeliest items that are new a method has among its first hundred. */
final class NewItems {

    private static final int DEPTH = 100;

    private final double since;
    private int wanted;
    private int found;

    /** @param since the day from which on a launch is new */
    NewItems(double since) {
        this.since = since;
    }

    void add(ShopTruth truth, Moment moment, List<Integer> list) {
        Set<Integer> first = new HashSet<>(list.subList(0, Math.min(DEPTH, list.size())));
        for (int item : ShopScore.order(moment, moment.truth()).subList(0, ShopScore.BEST)) {
            if (truth.launches()[item] >= since) {
                wanted++;
                found += first.contains(item) ? 1 : 0;
            }
        }
    }

    int counted() {
        return wanted;
    }

    double recall() {
        return wanted == 0 ? 0 : (double) found / wanted;
    }
}
