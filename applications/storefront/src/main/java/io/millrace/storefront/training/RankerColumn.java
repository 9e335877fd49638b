package io.millrace.storefront.training;

import java.util.List;
import java.util.stream.IntStream;

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

    /** The place of the towers' score. */
    static final int SCORE = place("candidates", "score");

    /** The place of a step's feature. */
    static int place(String step, String feature) {
        return IntStream.range(0, ALL.size())
                .filter(i -> ALL.get(i).from().equals(step + "." + feature))
                .findFirst()
                .orElseThrow();
    }

    /** One array for each of the columns, empty for those of other steps; what is missing is zero. */
    static float[][] read(String step, FeatureTable table) {
        float[][] columns = new float[ALL.size()][0];
        for (int i = 0; i < columns.length; i++) {
            RankerColumn column = ALL.get(i);
            if (column.step().equals(step)) {
                columns[i] = table.numbers(column.feature()).clone();
                for (int row = 0; row < columns[i].length; row++) {
                    if (Float.isNaN(columns[i][row])) {
                        columns[i][row] = 0;
                    }
                }
            }
        }
        return columns;
    }

    /**
     * Fills in a row.
     *
     * @param customers what {@link #read} gave for the customers, and the customer's row in it
     * @param items what {@link #read} gave for the items, and the item's row in it
     */
    static void fill(float[] x, int row, float[][] customers, int customer, float[][] items, int item, float score) {
        for (int i = 0; i < ALL.size(); i++) {
            x[row * ALL.size() + i] = switch (ALL.get(i).step()) {
                case "customer" -> customers[i][customer];
                case "items" -> items[i][item];
                default -> score;
            };
        }
    }

    private static RankerColumn count(String step, String feature) {
        return new RankerColumn(step, feature, true);
    }

    String from() {
        return step + "." + feature;
    }
}
