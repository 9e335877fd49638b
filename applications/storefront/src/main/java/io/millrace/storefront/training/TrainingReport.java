package io.millrace.storefront.training;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was trained, from what, and how good it is.
 *
 * @param first when the first interaction was
 * @param heldOutFrom where the period begins that the rankers were judged on
 * @param last when the last interaction was
 * @param interactions views, baskets and purchases read
 * @param customers with an interaction
 * @param items in the catalogue
 * @param moments at which the towers learnt
 * @param rankerRows candidates the ranker learnt from
 * @param horizonDays the length of a label period
 * @param towerInputs the features that the user tower reads
 * @param rankerColumns what the ranker reads of customer, items and candidates, in its order
 * @param seed of all random numbers
 * @param quality on the held-out last period
 * @param exportDifference the largest relative difference between the exports and the networks
 * @param seconds how long each part took
 */
public record TrainingReport(
        Instant first,
        Instant heldOutFrom,
        Instant last,
        int interactions,
        int customers,
        int items,
        int moments,
        int rankerRows,
        double horizonDays,
        List<String> towerInputs,
        List<String> rankerColumns,
        long seed,
        OfflineQuality quality,
        double exportDifference,
        Map<String, Double> seconds) {

    public TrainingReport {
        towerInputs = List.copyOf(towerInputs);
        rankerColumns = List.copyOf(rankerColumns);
        seconds = new LinkedHashMap<>(seconds);
    }

    /** The same for people. */
    public String toMarkdown() {
        StringBuilder parts = new StringBuilder();
        seconds.forEach((part, took) -> parts.append("| %s | %.1f |\n".formatted(part, took)));
        StringBuilder methods = new StringBuilder();
        quality.methods()
                .forEach((name, figures) -> methods.append("| %s | %s | %.4f | %.4f | %s |\n"
                        .formatted(
                                name,
                                figures.recallAt20() == null ? "" : "%.4f".formatted(figures.recallAt20()),
                                figures.ndcgAt10(),
                                figures.ndcgAt20(),
                                figures.calibrationError() == null
                                        ? ""
                                        : "%.4f".formatted(figures.calibrationError()))));
        return """
                # Training of the storefront

                %,d interactions of %,d customers with %,d items; towers learnt at %,d moments, the ranker from %,d
                candidates; label periods of %.0f days; seed %d. Data from %s to %s, the held-out period from %s.
                The user tower reads %s; the ranker %s. The exports differ from the networks by at most %.1e.

                Held-out last period, %,d %s; the towers have %.4f of what was bought or chosen among their 200 candidates
                (Recall@200). Shipped: %s. How long the rankers learn and which of them ships was decided on this period.

                | | Recall@20 | NDCG@10 | NDCG@20 | calibration error |
                |---|---|---|---|---|
                %s
                | part | seconds |
                |---|---|
                %s""".formatted(
                        interactions,
                        customers,
                        items,
                        moments,
                        rankerRows,
                        horizonDays,
                        seed,
                        first,
                        last,
                        heldOutFrom,
                        String.join(", ", towerInputs),
                        String.join(", ", rankerColumns),
                        exportDifference,
                        quality.counted(),
                        quality.of(),
                        quality.retrievalRecallAt200(),
                        quality.shipped(),
                        methods,
                        parts);
    }
}
