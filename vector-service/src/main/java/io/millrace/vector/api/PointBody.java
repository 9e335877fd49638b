package io.millrace.vector.api;

import io.millrace.vector.collection.CollectionDefinition;
import io.millrace.vector.engine.VectorException.InvalidPoint;
import io.millrace.wire.Point;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A point in JSON: {@code {"id": "a1", "version": 12, "vector": {"embedding": [...]}, "payload": {...}}}.
 *
 * @param version an older one never replaces a newer one; without it, the moment in milliseconds
 */
record PointBody(
        @Nullable String id,
        @Nullable Long version,
        @Nullable Map<String, float[]> vector,
        @Nullable Map<String, JsonNode> payload) {

    static final Pattern EMBEDDING_SPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,126}");

    Point toPoint(CollectionDefinition definition, String embeddingSpace, long now) {
        float[] coordinates = vector == null || vector.size() != 1 ? null : vector.get(definition.vector());
        if (id == null) {
            throw new InvalidPoint("write the id");
        }
        if (coordinates == null) {
            throw new InvalidPoint("give the vector as {\"" + definition.vector() + "\": […]}");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        if (payload != null) {
            payload.forEach((key, value) -> values.put(key, value(key, value)));
        }
        return new Point(
                definition.id().name(), embeddingSpace, id, version == null ? now : version, coordinates, values);
    }

    private static Object value(String key, JsonNode json) {
        if (json.isString()) {
            return json.stringValue();
        }
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        if (json.isIntegralNumber() && json.canConvertToLong()) {
            return json.longValue();
        }
        if (json.isNumber()) {
            return json.doubleValue();
        }
        throw new InvalidPoint("the payload key \"" + key + "\" is a string, a number, true or false");
    }
}
