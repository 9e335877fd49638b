package io.millrace.vector.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The points nearest to a query, best first, equal scores by id: exactly the query's limit when that many match.
 *
 * @param plan how they were found
 */
public record Hits(List<Hit> hits, Plan plan) {

    /** How a search went about it. */
    public enum Plan {
        /** Every point that passes the filter was compared. */
        EXACT,
        /** The nearest were found through the graph. */
        HNSW;

        /** {@code exact} or {@code hnsw}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Hits {
        hits = List.copyOf(hits);
    }

    /**
     * A point that was found.
     *
     * @param score larger is nearer, see {@link Distance}
     * @param payload what the query asked for and the point has
     */
    public record Hit(String id, float score, Map<String, Object> payload) {
        public Hit {
            payload = Collections.unmodifiableMap(new LinkedHashMap<>(payload));
        }
    }
}
