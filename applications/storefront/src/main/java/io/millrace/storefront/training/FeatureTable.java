package io.millrace.storefront.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Features of many rows, column by column. */
public final class FeatureTable {

    /** The values of one feature, one for each row. */
    public sealed interface Column {

        /** Numbers; what is missing is NaN. */
        record Numbers(float[] values) implements Column {}

        /** Lists of texts; what is missing is empty. */
        record Texts(List<List<String>> values) implements Column {}
    }

    private final Map<String, Column> columns;

    public FeatureTable(Map<String, Column> columns) {
        this.columns = new LinkedHashMap<>(columns);
    }

    Map<String, Column> columns() {
        return columns;
    }

    /** The values of a feature that is a number. */
    public float[] numbers(String feature) {
        if (column(feature) instanceof Column.Numbers numbers) {
            return numbers.values();
        }
        throw new IllegalArgumentException("the feature " + feature + " is not a number");
    }

    /** The values of a feature that is a list of texts. */
    public List<List<String>> texts(String feature) {
        return switch (column(feature)) {
            case Column.Texts texts -> texts.values();
            // a column without any value does not say what it would hold
            case Column.Numbers(float[] values) -> Collections.nCopies(values.length, List.of());
        };
    }

    private Column column(String feature) {
        Column column = columns.get(feature);
        if (column == null) {
            throw new IllegalArgumentException(
                    "the training set has no feature " + feature + ", it has " + columns.keySet());
        }
        return column;
    }
}
