package io.millrace.app.retrieval;

import java.util.Map;

/**
 * What a collection holds.
 *
 * @param dimension of its vectors
 * @param maxLimit how many points one query may ask for
 * @param payload the keys with their types: {@code keyword}, {@code float}, {@code integer} or {@code bool}
 */
public record CollectionSchema(int dimension, int maxLimit, Map<String, String> payload) {

    public CollectionSchema {
        payload = Map.copyOf(payload);
    }
}
