package io.millrace.feature.aggregation;

import com.google.protobuf.CodedInputStream;
import io.millrace.wire.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the features of one view come out of events: the one definition behind the stream and the training sets.
 *
 * <p>A window of length w at stream time t is the merge of the tiles that start in {@code [floor(t - w, hop), t]}: exact at
 * its head, rounded outward to a tile at its tail.
 */
public final class ViewAggregation {

    private final List<Aggregation> aggregations;
    private final List<Series> series = new ArrayList<>();
    private final int[] seriesOf;
    private final long[] windowMicros; // by feature; Long.MAX_VALUE is all time
    private final long[] retentionMicros; // by series: its longest window

    public ViewAggregation(List<Aggregation> aggregations) {
        this.aggregations = List.copyOf(aggregations);
        this.seriesOf = new int[aggregations.size()];
        this.windowMicros = new long[aggregations.size()];
        this.retentionMicros = new long[aggregations.size()];
        for (int feature = 0; feature < seriesOf.length; feature++) {
            Series its = Series.of(this.aggregations.get(feature));
            if (!series.contains(its)) {
                series.add(its);
            }
            Duration window = this.aggregations.get(feature).timeWindow();
            int place = series.indexOf(its);
            seriesOf[feature] = place;
            windowMicros[feature] = window == null ? Long.MAX_VALUE : Series.micros(window);
            retentionMicros[place] = Math.max(retentionMicros[place], windowMicros[feature]);
        }
    }

    /** The view's features, in the order that {@link ViewState#value} counts them. */
    public List<Aggregation> aggregations() {
        return aggregations;
    }

    /**
     * What this event adds to the view, or null where it concerns none of its features.
     *
     * @param sequence the event's place in the order of arrival
     */
    public @Nullable Contribution contribution(Event event, long sequence) {
        @Nullable Object[] values = new @Nullable Object[series.size()];
        boolean concerned = false;
        for (int i = 0; i < values.length; i++) {
            values[i] = series.get(i).observe(event);
            concerned |= values[i] != null;
        }
        return concerned ? new Contribution(micros(event.time()), sequence, values) : null;
    }

    /** Reads what {@link Contribution#write} wrote. */
    public Contribution contribution(CodedInputStream in) throws IOException {
        return Contribution.read(series.size(), in);
    }

    /** An entity of which nothing is known. */
    public ViewState empty() {
        return new ViewState(this);
    }

    /** Reads what {@link ViewState#write} wrote. */
    public ViewState state(CodedInputStream in) throws IOException {
        ViewState state = new ViewState(this);
        state.read(in);
        return state;
    }

    /** A moment in microseconds since 1970. */
    public static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    List<Series> series() {
        return series;
    }

    Series seriesOf(int feature) {
        return series.get(seriesOf[feature]);
    }

    int placeOf(int feature) {
        return seriesOf[feature];
    }

    long windowMicros(int feature) {
        return windowMicros[feature];
    }

    /** Where the window of this length that ends at this time begins. */
    static long windowStart(Series series, long endMicros, long windowMicros) {
        return windowMicros == Long.MAX_VALUE ? Long.MIN_VALUE : series.tile(endMicros - windowMicros);
    }

    long retentionMicros(int place) {
        return retentionMicros[place];
    }
}
