package io.millrace.app.retrieval;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * What to find.
 *
 * @param embeddingSpace the space the vector lives in; empty for the collection's newest
 * @param vector little-endian float32
 * @param must all of these hold
 * @param mustNot none of these holds
 * @param payload the keys to bring; none means all
 */
public record VectorQuery(
        String collection,
        String embeddingSpace,
        ByteString vector,
        int limit,
        List<Condition> must,
        List<Condition> mustNot,
        List<String> payload) {

    public VectorQuery {
        must = List.copyOf(must);
        mustNot = List.copyOf(mustNot);
        payload = List.copyOf(payload);
    }

    /** Part of a filter. */
    public sealed interface Condition {

        /** The payload has this value: a {@code Boolean}, {@code Long}, {@code Double} or {@code String}. */
        record Match(String key, Object value) implements Condition {}

        /** The point is one of these. */
        record Ids(List<String> ids) implements Condition {}
    }
}
