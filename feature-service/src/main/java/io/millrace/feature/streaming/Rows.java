package io.millrace.feature.streaming;

import io.millrace.feature.aggregation.ViewState;
import io.millrace.feature.feast.FeatureValues;
import io.millrace.feature.registry.FeatureView;
import io.millrace.wire.FeatureRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Makes a row of a state. */
final class Rows {

    private Rows() {}

    /**
     * The row at a moment of stream time.
     *
     * @param key of the row
     * @param streamMicros not before the state's newest event
     */
    static FeatureRow of(byte[] key, StateCodec.Known known, long streamMicros) {
        FeatureView view = known.view();
        ViewState state = known.state();
        Map<String, byte[]> values = new TreeMap<>();
        for (int i = 0; i < view.features().size(); i++) {
            values.put(
                    view.features().get(i).name(),
                    FeatureValues.of(state.value(i, streamMicros)).toByteArray());
        }
        byte[] entityKey = Arrays.copyOf(key, key.length - 1 - view.name().length()); // names are ASCII
        return new FeatureRow(
                entityKey, view.name(), Instant.EPOCH.plus(state.eventMicros(), ChronoUnit.MICROS), values);
    }
}
