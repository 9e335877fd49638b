package io.millrace.vector.engine;

import java.util.List;

/**
 * A search for the points nearest to a vector.
 *
 * @param vector the coordinates; whoever holds the query must not change them
 * @param limit how many points to find, 1 to {@value #MAX_LIMIT}
 * @param filter which points may come back
 * @param withPayload the payload keys to return; none means all
 * @param ef candidates the graph search keeps, at least {@code limit} of them; 0 means the engine's default
 */
public record VectorQuery(float[] vector, int limit, Filter filter, List<String> withPayload, int ef) {

    /** The most points that one query may ask for. */
    public static final int MAX_LIMIT = 1000;

    /** The most candidates that a graph search may keep. */
    public static final int MAX_EF = 10_000;

    public VectorQuery {
        withPayload = List.copyOf(withPayload);
    }

    /** Refuses a query that does not fit the collection. The filter is checked when it becomes Lucene's. */
    void check(Schema schema) {
        String fault = schema.faultOf(vector);
        if (!fault.isEmpty()) {
            throw new VectorException.InvalidQuery("/vector", fault);
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new VectorException.InvalidQuery("/limit", "a limit is 1 to " + MAX_LIMIT + ", not " + limit);
        }
        if (ef < 0 || ef > MAX_EF) {
            throw new VectorException.InvalidQuery("/params/ef", "ef is 0 to " + MAX_EF + ", not " + ef);
        }
        for (int i = 0; i < withPayload.size(); i++) {
            if (!schema.payload().containsKey(withPayload.get(i))) {
                throw new VectorException.InvalidQuery(
                        "/with_payload/" + i,
                        "there is no payload key \"" + withPayload.get(i) + "\"; known are "
                                + schema.payload().keySet());
            }
        }
    }
}
