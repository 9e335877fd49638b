package io.millrace.app.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.app.application.Application;
import io.millrace.app.pipeline.Prediction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The answer to a request for a prediction. */
record PredictionResponse(
        @JsonProperty("prediction_id") UUID predictionId,
        String application,
        @JsonProperty("application_version") int applicationVersion,
        List<DegradedStep> degraded,
        List<Prediction.Result> results,
        List<Prediction.ModelUse> models,
        @JsonProperty("timings_us") Map<String, Long> timingsMicros) {

    private static final String TOTAL = "total";

    /** A step that failed, why, and what was used instead. */
    record DegradedStep(String step, String cause, @Nullable String used) {}

    static PredictionResponse of(UUID id, Application application, Prediction prediction) {
        Map<String, Long> timings = new LinkedHashMap<>();
        prediction.stepNanos().forEach((step, nanos) -> timings.put(step, nanos / 1000));
        timings.put(TOTAL, prediction.totalNanos() / 1000);
        return new PredictionResponse(
                id,
                application.name(),
                application.version(),
                prediction.degraded().stream()
                        .map(each -> new DegradedStep(each.step(), each.cause().wireName(), each.used()))
                        .toList(),
                prediction.results(),
                prediction.models(),
                timings);
    }

    /** The timings in the form of the header {@code Server-Timing}, in milliseconds. */
    String serverTiming() {
        StringBuilder header = new StringBuilder();
        timingsMicros.forEach((step, micros) -> header.append(header.isEmpty() ? "" : ", ")
                .append(step)
                .append(";dur=")
                .append(micros / 1000.0));
        return header.toString();
    }
}
