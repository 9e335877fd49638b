package io.millrace.storefront.training;

import io.millrace.storefront.evaluation.RankingQuality;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects how good one method's lists are, and its probabilities where it has some. */
final class ListQuality {

    private static final int GROUPS = 10;

    private record Said(float probability, boolean bought) {}

    private final RankingQuality ten = new RankingQuality(10);
    private final RankingQuality twenty = new RankingQuality(20);
    private final List<Double> gains = new ArrayList<>();
    private final List<Said> said = new ArrayList<>();

    /** Takes a list, best first. */
    void add(List<Integer> items, Set<Integer> relevant) {
        ten.add(items, relevant);
        twenty.add(items, relevant);
        RankingQuality one = new RankingQuality(20);
        one.add(items, relevant);
        gains.add(one.ndcg());
    }

    /**
     * Whether these lists are better than another method's for the same customers, and by more than chance makes them: the mean
     * difference of NDCG@20 is above twice its standard error.
     */
    boolean isClearlyBetterThan(ListQuality other) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < gains.size(); i++) {
            double difference = gains.get(i) - other.gains.get(i);
            sum += difference;
            squares += difference * difference;
        }
        double mean = sum / gains.size();
        return mean > 2 * Math.sqrt((squares / gains.size() - mean * mean) / gains.size());
    }

    /** Takes what a method said of one item, and what came of it. */
    void add(float probability, boolean bought) {
        said.add(new Said(probability, bought));
    }

    OfflineQuality.Figures figures() {
        return new OfflineQuality.Figures(twenty.recall(), ten.ndcg(), twenty.ndcg(), calibrationError());
    }

    /** Without a recall, which pages that have as many places as it looks at would always have whole. */
    OfflineQuality.Figures figuresOfPages() {
        return new OfflineQuality.Figures(null, ten.ndcg(), twenty.ndcg(), calibrationError());
    }

    private @Nullable Double calibrationError() {
        if (said.isEmpty()) {
            return null;
        }
        List<Said> sorted = said.stream()
                .sorted(Comparator.comparingDouble(Said::probability))
                .toList();
        double error = 0;
        for (int group = 0; group < GROUPS; group++) {
            int from = (int) ((long) sorted.size() * group / GROUPS);
            int until = (int) ((long) sorted.size() * (group + 1) / GROUPS);
            double difference = 0;
            for (Said one : sorted.subList(from, until)) {
                difference += one.probability() - (one.bought() ? 1 : 0);
            }
            error += Math.abs(difference);
        }
        return error / sorted.size();
    }
}
