package io.millrace.feature.aggregation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What is made of the column values of many events. */
public enum AggregationFunction {
    /** How many events, or how many that have the column. Nothing counted is 0. */
    COUNT(Set.of(Dtype.INT64)),
    /** Floating sums are kept in twice the precision, so that the order of arrival does not show. Nothing summed is 0. */
    SUM(Set.of(Dtype.INT64, Dtype.FLOAT64)),
    MEAN(Set.of(Dtype.FLOAT64)),
    MIN(Set.of(Dtype.INT64, Dtype.FLOAT64)),
    MAX(Set.of(Dtype.INT64, Dtype.FLOAT64)),
    /** The value of the newest event; of two at the same microsecond, the one that arrived later. */
    LAST(Set.of(Dtype.INT64, Dtype.FLOAT64, Dtype.STRING, Dtype.BOOL)),
    /** The newest n different values, newest first. */
    LAST_DISTINCT(Set.of(Dtype.STRING_LIST));

    private final Set<Dtype> dtypes;

    AggregationFunction(Set<Dtype> dtypes) {
        this.dtypes = dtypes;
    }

    /** The types that a feature of this function can have. */
    public Set<Dtype> dtypes() {
        return dtypes;
    }

    /** {@code last_distinct}, for example. */
    public String yamlName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The function with this name, if there is one. */
    public static Optional<AggregationFunction> named(String yamlName) {
        return Arrays.stream(values())
                .filter(each -> each.yamlName().equals(yamlName))
                .findFirst();
    }
}
