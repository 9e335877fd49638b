package io.millrace.vector.collection;

import io.millrace.vector.engine.VectorIndex;

/**
 * The points of one embedding space of a collection.
 *
 * @param firstSeen when the first of them came, in milliseconds since 1970
 */
public record Generation(String embeddingSpace, long firstSeen, VectorIndex index) {}
