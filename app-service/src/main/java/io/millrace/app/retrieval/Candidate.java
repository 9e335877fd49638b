package io.millrace.app.retrieval;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A point that was found.
 *
 * @param score larger is better
 * @param payload a value is a {@code Boolean}, {@code Long}, {@code Double} or {@code String}
 */
public record Candidate(String id, double score, Map<String, @Nullable Object> payload) {

    public Candidate {
        payload = Collections.unmodifiableMap(new LinkedHashMap<>(payload));
    }
}
