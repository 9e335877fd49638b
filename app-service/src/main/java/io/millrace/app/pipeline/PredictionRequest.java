package io.millrace.app.pipeline;

import java.util.List;
import java.util.Map;

/**
 * What is asked for, in the shape that the application declares.
 *
 * @param entities name to id
 * @param context name to a {@code Boolean}, {@code Double} or {@code String}
 * @param limit most results
 * @param exclude ids that must not come back
 */
public record PredictionRequest(
        Map<String, String> entities, Map<String, Object> context, int limit, List<String> exclude) {

    public PredictionRequest {
        entities = Map.copyOf(entities);
        context = Map.copyOf(context);
        exclude = List.copyOf(exclude);
    }
}
