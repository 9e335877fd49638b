package io.millrace.storefront.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How good the answers were for the last period, which neither towers nor rankers had learnt from. How long the rankers
 * learn and which of them ships was decided on it, so that their figures flatter a little.
 *
 * @param customers how many were counted: those with at least five earlier items who bought a new one
 * @param retrievalRecallAt200 the share of what was bought that the towers have among their candidates
 * @param methods from the floor, what sold best in the seven days before, to the rankers
 * @param shipped the one of the methods that ships
 */
public record OfflineQuality(int customers, double retrievalRecallAt200, Map<String, Figures> methods, String shipped) {

    static final String BEST_SELLERS = "best sellers of 7 days";
    static final String TOWERS = "towers";
    static final String NETWORK = "towers and network";
    static final String TREES = "towers and trees";

    /**
     * What a method reached.
     *
     * @param calibrationError how far its probabilities are from what happened, on average (ECE, ten groups of the same
     *     size); absent where it has none
     */
    public record Figures(
            double recallAt20,
            double ndcgAt10,
            double ndcgAt20,
            @Nullable Double calibrationError) {}

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
