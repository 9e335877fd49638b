package io.millrace.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/** A flat map of booleans, integers, floating numbers and strings, as Avro gives it. */
final class Payload {

    private Payload() {}

    static Map<String, Object> fromAvro(Map<?, ?> avro) {
        Map<String, Object> payload = new LinkedHashMap<>();
        avro.forEach((key, value) ->
                payload.put(key.toString(), value instanceof CharSequence text ? text.toString() : value));
        return payload;
    }
}
