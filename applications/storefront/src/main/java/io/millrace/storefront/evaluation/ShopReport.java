package io.millrace.storefront.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How good a running system is in the simulated shop, between floors and bound. Everything in it is simulated.
 *
 * @param groups customers with a history, and those in their first visit, each with all methods
 * @param newItems the share of the twenty likeliest items that are among 100 candidates, of items launched in the last week
 *     alone, by method
 * @param newItemsCounted how many of the likeliest items that were
 * @param calibrationError how far the scores of the first ten are from the true probability of a click, on average over ten
 *     groups of the same size
 * @param visibleMillis how long the visits' events took until all were in the features
 * @param newItemMillis from the first event of an item nobody knew until a search finds it; absent where it is not found
 *     within a minute
 * @param degradedShare answers that were made without some part
 * @param shortShare lists with fewer items than asked for
 * @param p50Millis the median time of a request to the application as it is shipped, one after the other
 * @param p99Millis the time that one of a hundred such requests exceeds
 */
public record ShopReport(
        List<Group> groups,
        Map<String, Double> newItems,
        int newItemsCounted,
        double calibrationError,
        long visibleMillis,
        @Nullable Long newItemMillis,
        double degradedShare,
        double shortShare,
        double p50Millis,
        double p99Millis) {

    static final String RANDOM = "random order";
    static final String BEST_SELLERS = "best sellers of 7 days";
    static final String BOUND_BEFORE = "bound without this visit";
    static final String BOUND = "bound";
    static final String RETRIEVAL = "retrieval";
    static final String RANKING = "retrieval and ranker";
    static final String SHIPPED = "application as shipped";
    static final String WITHOUT = ", before this visit's events";

    /** Customers who are alike, and what each method reached for them. */
    public record Group(String customers, int moments, List<Method> methods) {

        public Group {
            methods = List.copyOf(methods);
        }
    }

    /**
     * A method's figures and attained shares.
     *
     * @param figures as {@link ShopScore} defines them
     */
    public record Method(String name, ShopScore.Means figures, Shares shares) {}

    /** Attained shares, (figure - random) / (bound - random). */
    public record Shares(double recallAt100, double recallAt200, double ndcgAt10, double clicks) {}

    public ShopReport {
        groups = List.copyOf(groups);
        newItems = new LinkedHashMap<>(newItems);
    }

    /** The figures of one group's methods, with their shares. */
    static Group group(String customers, Map<String, ShopScore> scores) {
        ShopScore.Means floor = means(scores, RANDOM);
        ShopScore.Means bound = means(scores, BOUND);
        List<Method> methods = scores.entrySet().stream()
                .map(entry -> {
                    ShopScore.Means figures = entry.getValue().means();
                    Shares shares = new Shares(
                            share(figures.recallAt100(), floor.recallAt100(), bound.recallAt100()),
                            share(figures.recallAt200(), floor.recallAt200(), bound.recallAt200()),
                            share(figures.ndcgAt10(), floor.ndcgAt10(), bound.ndcgAt10()),
                            share(figures.clicks(), floor.clicks(), bound.clicks()));
                    return new Method(entry.getKey(), figures, shares);
                })
                .toList();
        return new Group(customers, bound.moments(), methods);
    }

    /** The same for people. */
    public String toMarkdown() {
        StringBuilder text = new StringBuilder("# The storefront in the simulated shop\n\n");
        text.append("""
                Customers in the middle of a visit; which items would they click now? Recall is of the twenty likeliest items, gains of
                NDCG are true probabilities, clicks are expected on a page of ten. In brackets the attained share of what can be attained,
                (figure - random) / (bound - random). Everything here is simulated.
                """);
        for (Group group : groups) {
            text.append("\n## %s: %,d\n\n".formatted(group.customers(), group.moments()));
            text.append("| | Recall@100 | Recall@200 | NDCG@10 | clicks |\n|---|---|---|---|---|\n");
            for (Method method : group.methods()) {
                ShopScore.Means figures = method.figures();
                text.append("| %s | %s | %s | %s | %s |\n"
                        .formatted(
                                method.name(),
                                cell(figures.recallAt100(), method.shares().recallAt100()),
                                cell(figures.recallAt200(), method.shares().recallAt200()),
                                cell(figures.ndcgAt10(), method.shares().ndcgAt10()),
                                cell(figures.clicks(), method.shares().clicks())));
            }
        }
        text.append("\nRecall@100 of items launched in the last week, %,d of them among the likeliest: "
                .formatted(newItemsCounted));
        text.append(String.join(
                ", ",
                newItems.entrySet().stream()
                        .map(entry -> "%s %.3f".formatted(entry.getKey(), entry.getValue()))
                        .toList()));
        text.append(".\n\nScores of the first ten are %.3f from the true probability of a click on average (ECE).\n"
                .formatted(calibrationError));
        text.append(
                newItemMillis == null
                        ? "An item nobody knew was not found within a minute of its first event.\n"
                        : "An item nobody knew was found %,d ms after its first event.\n".formatted(newItemMillis));
        text.append(
                "The visits' events were in the features after %,d ms. Degraded %.2f %%, short %.2f %%, p50 %.1f ms, p99 %.1f ms.\n"
                        .formatted(visibleMillis, 100 * degradedShare, 100 * shortShare, p50Millis, p99Millis));
        return text.toString();
    }

    private static String cell(double figure, double share) {
        return "%.3f (%.2f)".formatted(figure, share);
    }

    private static ShopScore.Means means(Map<String, ShopScore> scores, String method) {
        ShopScore score = scores.get(method);
        if (score == null) {
            throw new IllegalArgumentException("no figures of " + method);
        }
        return score.means();
    }

    private static double share(double figure, double floor, double bound) {
        return (figure - floor) / (bound - floor);
    }
}
