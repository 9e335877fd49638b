package io.millrace.feature.aggregation;

import io.millrace.wire.Event;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tiles that several features share: those that differ by the length of their window only.
 *
 * @param input the type of the values that go in
 * @param hopMicros the length of a tile, or 0 for one tile that never ends
 */
record Series(
        AggregationFunction function, @Nullable Column column, Set<String> types, int n, Dtype input, long hopMicros) {

    static Series of(Aggregation aggregation) {
        Duration window = aggregation.timeWindow();
        return new Series(
                aggregation.function(),
                aggregation.column(),
                aggregation.types(),
                aggregation.n(),
                aggregation.dtype(),
                window == null ? 0 : micros(Aggregation.hop(window)));
    }

    static long micros(Duration duration) {
        return Math.multiplyExact(duration.toMillis(), 1000);
    }

    /** What goes into a tile because of this event, or null where nothing does. */
    @Nullable
    Object observe(Event event) {
        if (!types.isEmpty() && !types.contains(event.type())) {
            return null;
        }
        if (column == null) {
            return Boolean.TRUE;
        }
        Object value = column.of(event);
        return function == AggregationFunction.COUNT ? (value == null ? null : Boolean.TRUE) : input.coerce(value);
    }

    /** The start of the tile that holds this time. */
    long tile(long micros) {
        return hopMicros == 0 ? 0 : Math.floorDiv(micros, hopMicros) * hopMicros;
    }

    Partial empty() {
        return switch (function) {
            case COUNT -> new Partial.Count();
            case SUM -> input == Dtype.INT64 ? new Partial.LongSum() : new Partial.DoubleSum();
            case MEAN -> new Partial.Mean();
            case MIN -> new Partial.Extreme(-1);
            case MAX -> new Partial.Extreme(1);
            case LAST -> new Partial.Last();
            case LAST_DISTINCT -> new Partial.LastDistinct(n);
        };
    }
}
