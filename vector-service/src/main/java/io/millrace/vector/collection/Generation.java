package io.millrace.vector.collection;

import io.millrace.vector.engine.VectorIndex;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The points of one embedding space of a collection.
 *
 * @param firstSeen when the first of them came, in milliseconds since 1970
 * @param lastUsed when it was last searched, or opened, in milliseconds since 1970
 */
public record Generation(String embeddingSpace, long firstSeen, AtomicLong lastUsed, VectorIndex index) {

    static Generation opened(String embeddingSpace, long firstSeen, long now, VectorIndex index) {
        return new Generation(embeddingSpace, firstSeen, new AtomicLong(now), index);
    }
}
