package io.millrace.storefront.training;

import io.millrace.storefront.evaluation.RankingQuality;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How good the answers were for the last period, which neither towers nor rankers had learnt from. How long the rankers
 * learn and which of them ships was decided on it, so that their figures flatter a little.
 *
 * @param of what was judged: lists of {@code customers}, or shown {@code pages}
 * @param counted how many of them: customers with at least five earlier items who bought a new one; pages of which something
 *     was chosen
 * @param retrievalRecallAt200 the share of what was bought or chosen that the towers have among their candidates
 * @param methods from the floor, what sold best in the seven days before, to the rankers
 * @param shipped the one of the methods that ships
 */
public record OfflineQuality(
        String of, int counted, double retrievalRecallAt200, Map<String, Figures> methods, String shipped) {

    static final String BEST_SELLERS = "best sellers of 7 days";
    static final String TOWERS = "towers";
    static final String SCORE = "towers, as probabilities";
    static final String NETWORK = "towers and network";
    static final String TREES = "towers and trees";

    /**
     * What a method reached.
     *
     * @param recallAt20 absent for pages, which have twenty places
     * @param calibrationError how far its probabilities are from what happened, on average (ECE, ten groups of the same
     *     size); absent where it has none
     */
    public record Figures(
            @Nullable Double recallAt20,
            double ndcgAt10,
            double ndcgAt20,
            @Nullable Double calibrationError) {}

    /**
     * Ships the ranker that orders best, if it is clearly better than the order of the towers, which else ships: what learns
     * more can also learn more that is not so.
     *
     * @param methods the rankers among them; lists of the same customers or pages in the same order
     * @param figures what is reported of each
     */
    static OfflineQuality of(
            String of,
            RankingQuality retrieval,
            Map<String, ListQuality> methods,
            Function<ListQuality, Figures> figures,
            Set<String> rankers) {
        Map<String, Figures> all = new LinkedHashMap<>();
        methods.forEach((name, quality) -> all.put(name, figures.apply(quality)));
        ListQuality towers = methods.get(SCORE);
        String shipped = all.entrySet().stream()
                .filter(method -> rankers.contains(method.getKey()))
                .max(Comparator.comparingDouble(method -> method.getValue().ndcgAt20()))
                .orElseThrow()
                .getKey();
        ListQuality best = methods.get(shipped);
        if (towers != null && best != null && !best.isClearlyBetterThan(towers)) {
            shipped = SCORE;
        }
        return new OfflineQuality(of, retrieval.customers(), retrieval.recall(), all, shipped);
    }

    public OfflineQuality {
        methods = new LinkedHashMap<>(methods);
    }

    /** What the method that ships reached. */
    public Figures best() {
        Figures best = methods.get(shipped);
        if (best == null) {
            throw new IllegalStateException("no figures of " + shipped);
        }
        return best;
    }
}
