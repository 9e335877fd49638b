package io.millrace.storefront.evaluation;

import io.millrace.storefront.simulation.Moment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How good lists are where the true probability of every click is known, so that no figure has the noise of a label. Means
 * over moments; items clicked in the visit count for nothing.
 *
 * <pre>
 *   Recall@k   share of the twenty items likeliest to be clicked that are among the first k
 *   NDCG@10    sum of probability / log2(place + 1) over the first ten, over that of the best order
 *   clicks     expected clicks on a page of the first ten: sum of probability * examined(place)
 * </pre>
 */
public final class ShopScore {

    /** How many items the recall looks for. */
    static final int BEST = 20;

    /** The length of a page. */
    static final int PAGE = 10;

    private static final int[] DEPTHS = {50, 100, 200};

    private int moments;
    private final double[] recall = new double[DEPTHS.length];
    private double gain;
    private double clicks;

    /**
     * What it comes to.
     *
     * @param moments looked at
     * @param recallAt50 of the candidates
     * @param recallAt100 of the candidates
     * @param recallAt200 of the candidates
     * @param ndcgAt10 of the list
     * @param clicks expected on a page of ten
     */
    public record Means(
            int moments, double recallAt50, double recallAt100, double recallAt200, double ndcgAt10, double clicks) {}

    /** Counts the list, best first, that was made for a moment. */
    public void add(Moment moment, List<Integer> list) {
        double[] best = best(moment);
        Set<Integer> wanted = new HashSet<>(order(moment, moment.truth()).subList(0, BEST));
        moments++;
        for (int i = 0; i < DEPTHS.length; i++) {
            recall[i] += list.stream().limit(DEPTHS[i]).filter(wanted::contains).count() / (double) BEST;
        }
        double sum = 0;
        double ideal = 0;
        for (int place = 0; place < PAGE; place++) {
            double discount = discount(place);
            ideal += discount * best[place];
            if (place < list.size() && !moment.clicked().get(list.get(place))) {
                double probability = moment.truth()[list.get(place)];
                sum += discount * probability;
                clicks += Moment.examined(place) * probability;
            }
        }
        gain += sum / ideal;
    }

    /** Counts what a list in random order has on average. */
    public void addRandom(Moment moment) {
        double[] best = best(moment);
        double mean = Arrays.stream(best).sum() / best.length;
        moments++;
        for (int i = 0; i < DEPTHS.length; i++) {
            recall[i] += Math.min(1, (double) DEPTHS[i] / best.length);
        }
        double sum = 0;
        double ideal = 0;
        for (int place = 0; place < PAGE; place++) {
            sum += discount(place) * mean;
            ideal += discount(place) * best[place];
            clicks += Moment.examined(place) * mean;
        }
        gain += sum / ideal;
    }

    public Means means() {
        return new Means(
                moments,
                recall[0] / moments,
                recall[1] / moments,
                recall[2] / moments,
                gain / moments,
                clicks / moments);
    }

    /** All items that can be shown at a moment, in the order of these values, the largest first. */
    public static List<Integer> order(Moment moment, double[] values) {
        return IntStream.range(0, values.length)
                .filter(item -> moment.truth()[item] > 0 && !moment.clicked().get(item))
                .boxed()
                .sorted(Comparator.comparingDouble(item -> -values[item]))
                .toList();
    }

    /** The true probabilities of what can be shown, the largest first. */
    private static double[] best(Moment moment) {
        return order(moment, moment.truth()).stream()
                .mapToDouble(item -> moment.truth()[item])
                .toArray();
    }

    private static double discount(int place) {
        return Math.log(2) / Math.log(place + 2);
    }
}
