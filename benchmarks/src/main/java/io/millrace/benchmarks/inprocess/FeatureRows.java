package io.millrace.benchmarks.inprocess;

import com.google.protobuf.InvalidProtocolBufferException;
import feast.proto.types.Value;
import io.millrace.feature.feast.EntityKeyCodec;
import io.millrace.feature.feast.FeatureValues;
import io.millrace.wire.FeatureRow;
import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.Topics;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The online store's rows in a map: the same keys and bytes as in Redis, without the way there. */
final class FeatureRows {

    private final Map<ByteBuffer, FeatureRow> rows = new HashMap<>();
    private final EntityKeyCodec keys;

    /**
     * The newest rows of one view.
     *
     * @param project Feast's, {@code <tenant>_<project>}
     */
    FeatureRows(String kafkaBootstrap, String view, String project, String joinKey) throws MalformedMessageException {
        keys = new EntityKeyCodec(project, joinKey);
        TopicReader.read(kafkaBootstrap, Topics.FEATURE_ROWS, FeatureRow.CODEC, row -> {
            if (row.featureView().equals(view)) {
                rows.put(ByteBuffer.wrap(row.entityKey()), row);
            }
        });
    }

    int size() {
        return rows.size();
    }

    /** The values of these features, in their order; null for one that is not there. */
    @Nullable
    Value[] read(String id, List<String> features) {
        FeatureRow row = rows.get(ByteBuffer.wrap(keys.encode(FeatureValues.of(id))));
        var values = new @Nullable Value[features.size()];
        for (int i = 0; row != null && i < values.length; i++) {
            byte[] bytes = row.values().get(features.get(i));
            if (bytes != null) {
                try {
                    values[i] = Value.parseFrom(bytes);
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalStateException("no feature value of " + id, e);
                }
            }
        }
        return values;
    }

    /** A value as a model's input takes it. */
    static float number(@Nullable Value value, float missing) {
        return value != null && FeatureValues.toJson(value) instanceof Number number ? number.floatValue() : missing;
    }

    /** The texts of a list; none where it is not there. */
    static List<String> texts(@Nullable Value value) {
        return value != null && value.hasStringListVal()
                ? value.getStringListVal().getValList()
                : List.of();
    }
}
