package io.millrace.inference.protocol;

import inference.InferBatchStatistics;
import inference.InferStatistics;
import inference.ModelStatistics;
import inference.StatisticDuration;
import io.millrace.inference.model.ModelStatistics.Total;
import io.millrace.inference.repository.ServingVersion;

/** What a version has done, in the message of Triton's statistics extension. */
final class GrpcStatistics {

    private GrpcStatistics() {}

    static ModelStatistics of(ServingVersion version) {
        var counted = version.predictor().statistics();
        ModelStatistics.Builder message = ModelStatistics.newBuilder()
                .setName(version.model())
                .setVersion(Integer.toString(version.version()))
                .setLastInference(counted.lastInferenceMillis())
                .setInferenceCount(counted.inferenceCount())
                .setExecutionCount(counted.executionCount())
                .setInferenceStats(InferStatistics.newBuilder()
                        .setSuccess(duration(counted.success()))
                        .setFail(duration(counted.fail()))
                        .setQueue(duration(counted.queue()))
                        .setComputeInput(duration(counted.computeInput()))
                        .setComputeInfer(duration(counted.computeInfer()))
                        .setComputeOutput(duration(counted.computeOutput()))
                        .setCacheHit(duration(counted.cacheHit()))
                        .setCacheMiss(duration(counted.cacheMiss())));
        counted.batches()
                .forEach((size, batches) -> message.addBatchStats(InferBatchStatistics.newBuilder()
                        .setBatchSize(size)
                        .setComputeInput(duration(batches.computeInput()))
                        .setComputeInfer(duration(batches.computeInfer()))
                        .setComputeOutput(duration(batches.computeOutput()))));
        return message.build();
    }

    private static StatisticDuration duration(Total total) {
        return StatisticDuration.newBuilder()
                .setCount(total.count())
                .setNs(total.nanos())
                .build();
    }
}
