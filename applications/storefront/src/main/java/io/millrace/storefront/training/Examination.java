package io.millrace.storefront.training;

import java.util.List;

/**
 * How much less often each place of a page is looked at than the first, as far as choices tell.
 *
 * <p>A later place is also chosen less because a shop puts what it thinks worse there. So each item counts by how improbable
 * it was to be shown (inverse propensity), which is as if every item had been shown at every place equally often; where no
 * page has propensities the two cannot be told apart, and all counts.
 */
final class Examination {

    /** So many items of the mean rate are added to each place, so that a place with few data says little. */
    private static final double SMOOTHING = 50;

    /** An item counts at most this often, or one that was hardly ever shown would decide alone. */
    private static final double MOST_WEIGHT = 10;

    private final float[] logarithms;

    private Examination(float[] logarithms) {
        this.logarithms = logarithms;
    }

    static Examination of(List<ShownPage> all, Pages pages, Choices choices) {
        List<ShownPage> logged =
                all.stream().filter(page -> page.propensities().length > 0).toList();
        List<ShownPage> counted = logged.isEmpty() ? all : logged;
        int places =
                counted.stream().mapToInt(page -> page.items().length).max().orElse(0);
        double shown = 0;
        double weights = 0;
        for (ShownPage page : counted) {
            for (int place = 0; place < page.items().length; place++) {
                weights += weight(page, place);
                shown++;
            }
        }
        double mean = weights / Math.max(1, shown);
        double[] weight = new double[places];
        double[] chosen = new double[places];
        double all0 = 0;
        for (ShownPage page : counted) {
            float[] labels = pages.labels(page, choices);
            for (int place = 0; place < labels.length; place++) {
                double one = Math.min(MOST_WEIGHT, weight(page, place) / mean);
                weight[place] += one;
                chosen[place] += one * labels[place];
                all0 += one * labels[place];
            }
        }
        double rate = all0 / Math.max(1, shown);
        float[] logarithms = new float[places];
        for (int place = places - 1; place >= 0; place--) {
            double own = (chosen[place] + SMOOTHING * rate + 1e-9) / (weight[place] + SMOOTHING);
            double first = (chosen[0] + SMOOTHING * rate + 1e-9) / (weight[0] + SMOOTHING);
            logarithms[place] = (float) Math.log(own / first);
        }
        return new Examination(logarithms);
    }

    /** What a place adds to the logarithm of the odds of a choice; nothing for the first. */
    float logarithm(int place) {
        return place < logarithms.length ? logarithms[place] : logarithms[logarithms.length - 1];
    }

    private static double weight(ShownPage page, int place) {
        return page.propensities().length == 0 ? 1 : 1 / Math.max(1e-6, page.propensities()[place]);
    }
}
