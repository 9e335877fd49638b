package io.millrace.storefront.training;

import java.util.List;

/**
 * One number that the ranker reads of a customer, an item or a candidate. The order of {@link #ALL} is the order in
 * {@code model.yaml}, in the training rows and in the graph.
 *
 * @param step the pipeline's step that has it
 * @param feature its name there
 * @param logarithm whether the graph takes log(1 + value) first: counts and prices are skewed
 */
record RankerColumn(String step, String feature, boolean logarithm) {

    static final List<RankerColumn> ALL = List.of(
            count("customer", "purchases_7d"),
            count("customer", "purchases_28d"),
            count("customer", "purchases_84d"),
            count("customer", "purchases"),
            count("customer", "views_1d"),
            count("customer", "spend_28d"),
            count("customer", "mean_price"),
            count("items", "purchases_7d"),
            count("items", "purchases_14d"),
            count("items", "purchases_28d"),
            count("items", "purchases_56d"),
            count("items", "purchases"),
            count("items", "views_7d"),
            count("items", "price"),
            new RankerColumn("candidates", "score", false));

    private static RankerColumn count(String step, String feature) {
        return new RankerColumn(step, feature, true);
    }

    String from() {
        return step + "." + feature;
    }
}
