package io.millrace.app.pipeline;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param degraded the steps that failed and whose failure shaped this answer, in the pipeline's order
 * @param results best first
 * @param models the models whose output shaped this answer
 * @param stepNanos how long each step took
 * @param totalNanos how long all took together
 * @param evidence what it was made of
 */
public record Prediction(
        List<Degradation> degraded,
        List<Result> results,
        List<ModelUse> models,
        Map<String, Long> stepNanos,
        long totalNanos,
        Evidence evidence) {

    public Prediction {
        degraded = List.copyOf(degraded);
        results = List.copyOf(results);
        models = List.copyOf(models);
        stepNanos = Collections.unmodifiableMap(new LinkedHashMap<>(stepNanos));
    }

    /**
     * A step that failed.
     *
     * @param used what stands in for it, or {@code null} where another step's fallback does
     */
    public record Degradation(
            String step, Cause cause, @Nullable String used) {}

    /** One result; {@code fields} is the payload that the pipeline asks for. */
    public record Result(String id, double score, Map<String, @Nullable Object> fields) {
        public Result {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /** Which version of a model answered a step. */
    public record ModelUse(String step, String model, String version) {}
}
