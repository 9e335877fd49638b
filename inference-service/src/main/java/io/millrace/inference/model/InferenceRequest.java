package io.millrace.inference.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks one model version.
 *
 * @param signature of the columns the inputs were made for, if the caller knows it
 * @param deadlineNanos on the scale of {@link System#nanoTime}; no batch slot is spent after it
 */
public record InferenceRequest(
        List<Tensor> inputs, @Nullable String signature, long deadlineNanos) {

    public InferenceRequest {
        inputs = List.copyOf(inputs);
    }
}
