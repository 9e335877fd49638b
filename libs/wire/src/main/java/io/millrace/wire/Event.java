package io.millrace.wire;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Something an entity did, or that happened to it: a view, a purchase, a new price.
 *
 * @param id unique for the tenant; a repeated one is dropped
 * @param type what happened, {@code view} or {@code purchase} for example
 * @param time when it happened, to the microsecond
 * @param entities entity name to id, the first one being the event's own; never empty
 * @param predictionId the answer that led to it, if it is known
 * @param value what goes with it; a value is a {@code Boolean}, {@code Long}, {@code Double} or {@code String}
 * @param sourceTime the time in the source, where a loader has shifted it
 */
public record Event(
        String id,
        String type,
        Instant time,
        Map<String, String> entities,
        @Nullable String predictionId,
        Map<String, Object> value,
        @Nullable Instant sourceTime) {

    /** As the topic {@link Topics#EVENTS} carries it. */
    public static final WireCodec<Event> CODEC = WireCodec.of("event.avsc", Event::toRecord, Event::fromRecord);

    public Event {
        if (entities.isEmpty()) {
            throw new IllegalArgumentException("an event has at least one entity");
        }
        entities = Collections.unmodifiableMap(new LinkedHashMap<>(entities));
        value = Collections.unmodifiableMap(new LinkedHashMap<>(value));
    }

    /** The record key: events of one entity stay in order. */
    public String key(String tenant) {
        return tenant + "/" + entities.values().iterator().next();
    }

    private GenericRecord toRecord() {
        GenericRecord avro = new GenericData.Record(CODEC.schema());
        avro.put("id", id);
        avro.put("type", type);
        avro.put("time", Micros.of(time));
        avro.put("entities", entities);
        avro.put("prediction_id", predictionId);
        avro.put("value", value);
        avro.put("source_time", sourceTime == null ? null : Micros.of(sourceTime));
        return avro;
    }

    private static Event fromRecord(GenericRecord avro) {
        Map<String, String> entities = new LinkedHashMap<>();
        ((Map<?, ?>) avro.get("entities")).forEach((name, id) -> entities.put(name.toString(), id.toString()));
        Object prediction = avro.get("prediction_id");
        Object source = avro.get("source_time");
        return new Event(
                avro.get("id").toString(),
                avro.get("type").toString(),
                Micros.toInstant((Long) avro.get("time")),
                entities,
                prediction == null ? null : prediction.toString(),
                Payload.fromAvro((Map<?, ?>) avro.get("value")),
                source == null ? null : Micros.toInstant((Long) source));
    }
}
