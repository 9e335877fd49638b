package io.millrace.vector.engine;

import io.millrace.wire.Point;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the points of a collection look like.
 *
 * @param dimension coordinates of a vector
 * @param distance how near two vectors are
 * @param payload the keys a point may have, each with its type; a point may leave any of them out
 */
public record Schema(int dimension, Distance distance, Map<String, PayloadType> payload) {

    /** The longest vector that the index takes. */
    public static final int MAX_DIMENSION = 1024;

    private static final int MAX_ID_BYTES = 512;
    private static final int MAX_KEYWORD_BYTES = 8 * 1024;

    public Schema {
        payload = Collections.unmodifiableMap(new TreeMap<>(payload));
    }

    /** Refuses a point that does not fit. */
    public void check(Point point) {
        int idBytes = point.id().getBytes(StandardCharsets.UTF_8).length;
        if (idBytes == 0 || idBytes > MAX_ID_BYTES) {
            throw new VectorException.InvalidPoint("an id has 1 to " + MAX_ID_BYTES + " bytes, not " + idBytes);
        }
        String fault = faultOf(point.vector());
        if (!fault.isEmpty()) {
            throw new VectorException.InvalidPoint(fault);
        }
        point.payload().forEach(this::checkPayload);
    }

    private void checkPayload(String key, Object value) {
        PayloadType type = payload.get(key);
        if (type == null) {
            throw new VectorException.InvalidPoint(
                    "there is no payload key \"" + key + "\"; known are " + payload.keySet());
        }
        if (type.canonical(value).isEmpty()) {
            throw new VectorException.InvalidPoint("the payload key \"" + key + "\" is a finite " + type.wireName());
        }
        if (value instanceof String text && text.getBytes(StandardCharsets.UTF_8).length > MAX_KEYWORD_BYTES) {
            throw new VectorException.InvalidPoint(
                    "the payload key \"" + key + "\" has more than " + MAX_KEYWORD_BYTES + " bytes");
        }
    }

    /** What is wrong with a vector, or nothing. */
    String faultOf(float[] vector) {
        if (vector.length != dimension) {
            return "a vector has " + dimension + " coordinates, not " + vector.length;
        }
        boolean zero = true;
        for (float coordinate : vector) {
            if (!Float.isFinite(coordinate)) {
                return "a vector's coordinates are finite; this one has " + coordinate;
            }
            zero &= coordinate == 0;
        }
        return zero && distance == Distance.COSINE ? "a vector of zeros has no cosine" : "";
    }

    /** Tells an index of one schema from an index of another. */
    String fingerprint() {
        return dimension + " " + distance.wireName() + " " + payload;
    }
}
