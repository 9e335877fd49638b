package io.millrace.feature.aggregation;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The partial aggregates of one series for one entity, by the start of their tile, oldest first. Empty tiles are not kept. */
final class Tiles {

    private record Tile(long start, Partial partial) {}

    private final Series series;
    private final List<Tile> oldestFirst = new ArrayList<>(1);

    Tiles(Series series) {
        this.series = series;
    }

    void add(Object value, long micros, long sequence) {
        partial(series.tile(micros)).add(value, micros, sequence);
    }

    private Partial partial(long start) {
        int place = oldestFirst.size();
        while (place > 0 && oldestFirst.get(place - 1).start > start) {
            place--;
        }
        if (place > 0 && oldestFirst.get(place - 1).start == start) {
            return oldestFirst.get(place - 1).partial;
        }
        Tile tile = new Tile(start, series.empty());
        oldestFirst.add(place, tile);
        return tile.partial;
    }

    /** Forgets the tiles that start before this time. */
    void dropBefore(long start) {
        int old = 0;
        while (old < oldestFirst.size() && oldestFirst.get(old).start < start) {
            old++;
        }
        oldestFirst.subList(0, old).clear();
    }

    /** The aggregate of the tiles that start at this time or later. */
    @Nullable
    Object result(long from) {
        Partial merged = series.empty();
        for (int i = oldestFirst.size() - 1; i >= 0 && oldestFirst.get(i).start >= from; i--) {
            merged.merge(oldestFirst.get(i).partial);
        }
        return merged.result();
    }

    /** The start of the oldest tile that starts at this time or later, or {@code Long.MAX_VALUE} where there is none. */
    long oldestFrom(long from) {
        for (Tile tile : oldestFirst) {
            if (tile.start >= from) {
                return tile.start;
            }
        }
        return Long.MAX_VALUE;
    }

    void write(CodedOutputStream out) throws IOException {
        out.writeUInt32NoTag(oldestFirst.size());
        long hop = Math.max(1, series.hopMicros());
        for (Tile tile : oldestFirst) {
            out.writeSInt64NoTag(tile.start / hop);
            tile.partial.write(out);
        }
    }

    void read(CodedInputStream in) throws IOException {
        int size = in.readUInt32();
        long hop = Math.max(1, series.hopMicros());
        for (int i = 0; i < size; i++) {
            Tile tile = new Tile(in.readSInt64() * hop, series.empty());
            tile.partial.read(in);
            oldestFirst.add(tile);
        }
    }
}
