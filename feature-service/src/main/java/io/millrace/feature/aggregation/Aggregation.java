package io.millrace.feature.aggregation;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The definition of one feature, with the names of Feast's {@code Aggregation}.
 *
 * @param column what is aggregated; only a count can do without
 * @param types the types of events that take part; empty means all
 * @param n how many values a last_distinct keeps, else 0
 * @param timeWindow how far back from stream time it looks; null means all time
 */
public record Aggregation(
        String name,
        AggregationFunction function,
        @Nullable Column column,
        Set<String> types,
        int n,
        @Nullable Duration timeWindow,
        Dtype dtype) {

    public Aggregation {
        types = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(types)); // sorted: toString is hashed
    }

    /** The length of a window's tiles: a minute up to an hour, an hour up to two days, else a day. */
    public static Duration hop(Duration timeWindow) {
        if (timeWindow.compareTo(Duration.ofHours(1)) <= 0) {
            return Duration.ofMinutes(1);
        }
        return timeWindow.compareTo(Duration.ofDays(2)) <= 0 ? Duration.ofHours(1) : Duration.ofDays(1);
    }
}
