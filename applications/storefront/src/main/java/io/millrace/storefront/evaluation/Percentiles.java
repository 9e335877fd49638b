package io.millrace.storefront.evaluation;

import java.util.List;

/** Values that a share of sorted numbers does not exceed. */
final class Percentiles {

    private Percentiles() {}

    static double of(List<Double> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1L, Math.round(share * sorted.size())));
    }
}
