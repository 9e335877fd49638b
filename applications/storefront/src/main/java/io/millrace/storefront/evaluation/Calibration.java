package io.millrace.storefront.evaluation;

import io.millrace.storefront.simulation.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How far scores are from true probabilities: the expected calibration error over ten groups of the same size, by score. As
 * the truth is a probability and not a label, it has no noise.
 */
final class Calibration {

    private static final int GROUPS = 10;

    private record Said(double score, double truth) {}

    private final List<Said> said = new ArrayList<>();

    /** Takes the first page of a list. */
    void add(Moment moment, List<Integer> items, List<Double> scores) {
        for (int i = 0; i < Math.min(ShopScore.PAGE, Math.min(items.size(), scores.size())); i++) {
            add(scores.get(i), moment.truth()[items.get(i)]);
        }
    }

    void add(double score, double truth) {
        said.add(new Said(score, truth));
    }

    double error() {
        if (said.isEmpty()) {
            return 0;
        }
        List<Said> sorted =
                said.stream().sorted(Comparator.comparingDouble(Said::score)).toList();
        double error = 0;
        for (int group = 0; group < GROUPS; group++) {
            int from = sorted.size() * group / GROUPS;
            int until = sorted.size() * (group + 1) / GROUPS;
            error += Math.abs(sorted.subList(from, until).stream()
                    .mapToDouble(one -> one.score() - one.truth())
                    .sum());
        }
        return error / sorted.size();
    }
}
