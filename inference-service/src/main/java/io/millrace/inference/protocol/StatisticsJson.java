package io.millrace.inference.protocol;

import io.millrace.inference.model.ModelStatistics;
import io.millrace.inference.model.ModelStatistics.Total;
import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** The messages of Triton's statistics extension over HTTP. */
final class StatisticsJson {

    private StatisticsJson() {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record All(List<Version> modelStats) {}

    /** @param lastInference in milliseconds since the epoch, 0 if there was none */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Version(
            String name,
            String version,
            long lastInference,
            long inferenceCount,
            long executionCount,
            Requests inferenceStats,
            List<Batch> batchStats) {

        static Version of(String name, int version, ModelStatistics statistics) {
            return new Version(
                    name,
                    Integer.toString(version),
                    statistics.lastInferenceMillis(),
                    statistics.inferenceCount(),
                    statistics.executionCount(),
                    new Requests(
                            Duration.of(statistics.success()),
                            Duration.of(statistics.fail()),
                            Duration.of(statistics.queue()),
                            Duration.of(statistics.computeInput()),
                            Duration.of(statistics.computeInfer()),
                            Duration.of(statistics.computeOutput()),
                            Duration.of(statistics.cacheHit()),
                            Duration.of(statistics.cacheMiss())),
                    statistics.batches().entrySet().stream()
                            .map(batch -> new Batch(
                                    batch.getKey(),
                                    Duration.of(batch.getValue().computeInput()),
                                    Duration.of(batch.getValue().computeInfer()),
                                    Duration.of(batch.getValue().computeOutput())))
                            .toList());
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Requests(
            Duration success,
            Duration fail,
            Duration queue,
            Duration computeInput,
            Duration computeInfer,
            Duration computeOutput,
            Duration cacheHit,
            Duration cacheMiss) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Batch(int batchSize, Duration computeInput, Duration computeInfer, Duration computeOutput) {}

    record Duration(long count, long ns) {
        static Duration of(Total total) {
            return new Duration(total.count(), total.nanos());
        }
    }
}
