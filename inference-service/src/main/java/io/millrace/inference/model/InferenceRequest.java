package io.millrace.inference.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks one model version.
 *
 * @param signature of the columns the inputs were made for, if the caller knows it
 * @param priority 1 is the highest; 0 leaves it to the model
 * @param deadlineNanos on the scale of {@link System#nanoTime}, the earliest of what the caller, the request's own
 *     {@code timeout} and the model say; no batch slot is spent after it
 */
public record InferenceRequest(
        List<Tensor> inputs, @Nullable String signature, int priority, long deadlineNanos) {

    public InferenceRequest {
        inputs = List.copyOf(inputs);
    }
}
