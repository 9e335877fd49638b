package io.millrace.inference.repository;

import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.model.Tensor;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the smallest and the largest batch of default values. That warms the engine up, and it shows that outputs have the
 * rows of their inputs, that numbers come out, and that they come in time.
 *
 * @param batchLimit how long the engine may take for one batch
 * @param samples rows whose answers the trainer knows, or {@code null} if there are none
 */
record WarmUp(
        ModelDefinition definition,
        Duration batchLimit,
        @Nullable Samples samples) {

    void run(LoadedModel loaded) throws RefusedModelException {
        try (ModelInstance instance = loaded.newInstance()) {
            runDefaults(instance);
            if (samples != null) {
                run(instance, samples);
            }
        }
    }

    private void runDefaults(ModelInstance instance) throws RefusedModelException {
        try {
            run(instance, 1);
            run(instance, definition.scheduling().maxBatchSize());
        } catch (InferenceException e) {
            throw new RefusedModelException("warm-up with default values: " + e.getMessage(), e);
        }
    }

    private void run(ModelInstance instance, Samples known) throws RefusedModelException {
        try {
            known.compare(
                    instance.run(List.of(known.rows(definition))).answers().getFirst());
        } catch (InferenceException | IllegalArgumentException e) {
            throw new RefusedModelException("samples: " + e.getMessage(), e);
        }
    }

    private void run(ModelInstance instance, int rows) throws RefusedModelException {
        BatchResult result = instance.run(List.of(definition.defaultRows(rows)));
        if (result.computeNanos() > batchLimit.toNanos()) {
            throw new RefusedModelException(
                    "warm-up with default values: a batch of %d rows took %d ms; %d ms are allowed"
                            .formatted(
                                    rows,
                                    Duration.ofNanos(result.computeNanos()).toMillis(),
                                    batchLimit.toMillis()));
        }
        for (Tensor output : result.answers().getFirst()) {
            if (output.datatype().isFloating() && !isFinite(output)) {
                throw new RefusedModelException(
                        "warm-up with default values: the output \"%s\" has values that are no finite numbers"
                                .formatted(output.name()));
            }
        }
    }

    private static boolean isFinite(Tensor output) {
        return RawValues.decode(output).stream().allMatch(value -> Double.isFinite(((Number) value).doubleValue()));
    }
}
