package io.millrace.feature.aggregation;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one entity in one view. Not for several threads. */
public final class ViewState {

    private final ViewAggregation view;
    private final Tiles[] tiles;
    private long eventMicros = Long.MIN_VALUE;

    ViewState(ViewAggregation view) {
        this.view = view;
        this.tiles = view.series().stream().map(Tiles::new).toArray(Tiles[]::new);
    }

    /** Adds what an event says; a late one lands in its own tile. */
    public void add(Contribution contribution) {
        eventMicros = Math.max(eventMicros, contribution.micros());
        for (int i = 0; i < tiles.length; i++) {
            Object value = contribution.value(i);
            if (value != null) {
                tiles[i].add(value, contribution.micros(), contribution.sequence());
                // No stream time can be older than this event, so no window will reach further back.
                tiles[i].dropBefore(
                        ViewAggregation.windowStart(view.series().get(i), eventMicros, view.retentionMicros(i)));
            }
        }
    }

    /** The time of the newest event, in microseconds since 1970; {@code Long.MIN_VALUE} before the first. */
    public long eventMicros() {
        return eventMicros;
    }

    /**
     * The value of a feature.
     *
     * @param feature its place among {@link ViewAggregation#aggregations()}
     * @param streamMicros where windows end; not before {@link #eventMicros()}
     * @return a {@code Long}, {@code Double}, {@code String}, {@code Boolean} or list of strings, or null where there is
     *     nothing to make it of
     */
    public @Nullable Object value(int feature, long streamMicros) {
        return tiles[view.placeOf(feature)].result(
                ViewAggregation.windowStart(view.seriesOf(feature), streamMicros, view.windowMicros(feature)));
    }

    /**
     * The stream time at which a value changes without an event, because a tile falls out of a window; {@code
     * Long.MAX_VALUE} where none will.
     */
    public long nextExpiryMicros(long streamMicros) {
        long next = Long.MAX_VALUE;
        List<Aggregation> features = view.aggregations();
        for (int feature = 0; feature < features.size(); feature++) {
            long window = view.windowMicros(feature);
            if (window == Long.MAX_VALUE) {
                continue;
            }
            Series series = view.seriesOf(feature);
            long oldest =
                    tiles[view.placeOf(feature)].oldestFrom(ViewAggregation.windowStart(series, streamMicros, window));
            if (oldest != Long.MAX_VALUE) {
                next = Math.min(next, oldest + series.hopMicros() + window);
            }
        }
        return next;
    }

    /** Writes it without its length. */
    public void write(CodedOutputStream out) throws IOException {
        out.writeSInt64NoTag(eventMicros);
        for (Tiles each : tiles) {
            each.write(out);
        }
    }

    void read(CodedInputStream in) throws IOException {
        eventMicros = in.readSInt64();
        for (Tiles each : tiles) {
            each.read(in);
        }
    }
}
