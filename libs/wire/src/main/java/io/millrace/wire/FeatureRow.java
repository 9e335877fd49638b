package io.millrace.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * The values of one feature view for one entity, as the online store is to hold them.
 *
 * @param entityKey the key in the online store; whoever holds the row must not change it
 * @param featureView the view's name
 * @param eventTime the time of the newest event in the values
 * @param values feature name to a serialized {@code feast.types.Value}
 */
public record FeatureRow(byte[] entityKey, String featureView, Instant eventTime, Map<String, byte[]> values) {

    /** As the topic {@link Topics#FEATURE_ROWS} carries it. */
    public static final WireCodec<FeatureRow> CODEC =
            WireCodec.of("feature-row.avsc", FeatureRow::toRecord, FeatureRow::fromRecord);

    public FeatureRow {
        values = Map.copyOf(values);
    }

    /** The record key. One entity's views share a key in the online store, so compaction needs the view as well. */
    public byte[] key() {
        byte[] view = featureView.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(entityKey.length + 1 + view.length)
                .put(entityKey)
                .put((byte) 0)
                .put(view)
                .array();
    }

    private GenericRecord toRecord() {
        GenericRecord avro = new GenericData.Record(CODEC.schema());
        avro.put("entity_key", ByteBuffer.wrap(entityKey));
        avro.put("feature_view", featureView);
        avro.put("event_time", Micros.of(eventTime));
        Map<String, ByteBuffer> buffers = new LinkedHashMap<>();
        values.forEach((name, bytes) -> buffers.put(name, ByteBuffer.wrap(bytes)));
        avro.put("values", buffers);
        return avro;
    }

    private static FeatureRow fromRecord(GenericRecord avro) {
        Map<String, byte[]> values = new LinkedHashMap<>();
        ((Map<?, ?>) avro.get("values"))
                .forEach((name, bytes) -> values.put(name.toString(), Bytes.of((ByteBuffer) bytes)));
        return new FeatureRow(
                Bytes.of((ByteBuffer) avro.get("entity_key")),
                avro.get("feature_view").toString(),
                Micros.toInstant((Long) avro.get("event_time")),
                values);
    }
}
