package io.millrace.vector.collection;

import io.millrace.vector.engine.Schema;

/**
 * A collection.
 *
 * @param vector what its one vector is called
 */
public record CollectionDefinition(CollectionId id, String vector, Schema schema) {}
