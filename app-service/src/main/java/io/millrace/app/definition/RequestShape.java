package io.millrace.app.definition;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request for a prediction may and must have.
 *
 * @param entities the names of the entities, all of them required, each with its id
 * @param context the names of the context's values with their types
 * @param limit how many results, or {@code null} where a request cannot say
 * @param exclude most ids a request may exclude, or 0 where it may exclude none
 */
public record RequestShape(
        Map<String, ValueType> entities,
        Map<String, ValueType> context,
        @Nullable Limit limit,
        int exclude) {

    public RequestShape {
        entities = Collections.unmodifiableMap(new LinkedHashMap<>(entities));
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
    }

    /** How many results there are when the request does not say, and at most. */
    public record Limit(int byDefault, int max) {}

    /** The type of a value; an optional one may be missing. */
    public record ValueType(Kind kind, boolean optional) {

        /** What a value may be. */
        public enum Kind {
            STRING,
            NUMBER,
            BOOLEAN
        }
    }
}
