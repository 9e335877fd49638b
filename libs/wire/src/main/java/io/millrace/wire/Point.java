package io.millrace.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * A vector with its payload, to be found by nearest-neighbour search.
 *
 * @param collection where it belongs
 * @param embeddingSpace which model made the vector; vectors of different spaces are never compared
 * @param id unique in the collection
 * @param version an older version never replaces a newer one
 * @param vector the coordinates; whoever holds the point must not change them
 * @param payload what filters and answers use; a value is a {@code Boolean}, {@code Long}, {@code Double} or
 *     {@code String}
 */
public record Point(
        String collection,
        String embeddingSpace,
        String id,
        long version,
        float[] vector,
        Map<String, Object> payload) {

    /** As the topic {@link Topics#POINTS} carries it. */
    public static final WireCodec<Point> CODEC = WireCodec.of("point.avsc", Point::toRecord, Point::fromRecord);

    public Point {
        payload = Collections.unmodifiableMap(new LinkedHashMap<>(payload));
    }

    /** Where a point is kept, readable from a record's key alone, so that a tombstone says what to delete. */
    public record Key(String tenant, String collection, String embeddingSpace, String id) {

        /** Reads {@code tenant/collection/space/id}; only the id may have slashes. */
        public static Key parse(String key) {
            String[] parts = key.split("/", 4);
            if (parts.length != 4) {
                throw new IllegalArgumentException("not tenant/collection/space/id: " + key);
            }
            return new Key(parts[0], parts[1], parts[2], parts[3]);
        }

        @Override
        public String toString() {
            return tenant + "/" + collection + "/" + embeddingSpace + "/" + id;
        }
    }

    /** The record key. */
    public Key key(String tenant) {
        return new Key(tenant, collection, embeddingSpace, id);
    }

    private GenericRecord toRecord() {
        GenericRecord avro = new GenericData.Record(CODEC.schema());
        avro.put("collection", collection);
        avro.put("embedding_space", embeddingSpace);
        avro.put("id", id);
        avro.put("version", version);
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        avro.put("vector", bytes);
        avro.put("payload", payload);
        return avro;
    }

    private static Point fromRecord(GenericRecord avro) {
        ByteBuffer bytes = ((ByteBuffer) avro.get("vector")).duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float[] vector = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(vector);
        return new Point(
                avro.get("collection").toString(),
                avro.get("embedding_space").toString(),
                avro.get("id").toString(),
                (Long) avro.get("version"),
                vector,
                Payload.fromAvro((Map<?, ?>) avro.get("payload")));
    }
}
