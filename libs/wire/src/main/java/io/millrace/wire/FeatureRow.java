package io.millrace.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    /** The record header with the hash of the view's definition that the values were made by. */
    public static final String DEFINITION = "millrace_definition";

    private static final int STRING = 2; // feast.types.ValueType.Enum
    private static final int INT32 = 3;
    private static final int INT64 = 4;

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

    /** The view in a record key, without the row; empty where it is none. */
    public static String featureView(byte[] key) {
        int start = key.length;
        while (start > 0 && key[start - 1] != 0) {
            start--;
        }
        return start == 0 ? "" : new String(key, start, key.length - start, StandardCharsets.UTF_8);
    }

    /**
     * The id in the entity key, written as text.
     *
     * <p>Source: {@code serialize_entity_key} version 3 of the Feast SDK, which feature-service's {@code EntityKeyCodec}
     * writes: little-endian, the number of join keys; type 2, length and name of each; type, length and value of each.
     *
     * @throws MalformedMessageException if it is none, or one of several join keys
     */
    public String entityId() throws MalformedMessageException {
        try {
            ByteBuffer key = ByteBuffer.wrap(entityKey).order(ByteOrder.LITTLE_ENDIAN);
            int joinKeys = key.getInt();
            key.getInt();
            key.position(key.getInt() + key.position());
            int type = key.getInt();
            int length = key.getInt();
            if (joinKeys != 1 || length < 0 || length > key.remaining()) {
                throw new MalformedMessageException("an entity key of " + joinKeys + " join keys has no single id");
            }
            return switch (type) {
                case STRING -> new String(entityKey, key.position(), length, StandardCharsets.UTF_8);
                case INT32 -> Integer.toString(key.getInt());
                case INT64 -> Long.toString(key.getLong());
                default -> throw new MalformedMessageException("an entity key of type " + type + " is no id");
            };
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedMessageException("the entity key is cut off", e);
        }
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
