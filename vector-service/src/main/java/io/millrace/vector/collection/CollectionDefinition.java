package io.millrace.vector.collection;

import io.millrace.vector.engine.Schema;
import java.util.Map;
import java.util.Optional;

/**
 * A collection.
 *
 * @param vector what its one vector is called
 * @param embed how entities that nobody has published a point of get one
 */
public record CollectionDefinition(CollectionId id, String vector, Schema schema, Optional<Embed> embed) {

    /**
     * Points of entities that are new since the last training.
     *
     * @param view the feature view whose rows tell of an entity
     * @param model the embedding model whose inputs are features of that view
     * @param payload which feature fills a payload key
     * @param defaults what a payload key has where its feature has no value; without a default it stays out
     */
    public record Embed(String view, String model, Map<String, String> payload, Map<String, Object> defaults) {

        public Embed {
            payload = Map.copyOf(payload);
            defaults = Map.copyOf(defaults);
        }
    }
}
