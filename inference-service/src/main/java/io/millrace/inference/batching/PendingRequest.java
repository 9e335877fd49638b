package io.millrace.inference.batching;

import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A request that waits for a batch slot. Two requests are never equal. */
final class PendingRequest {

    private final ModelInputs inputs;
    private final long enqueuedNanos;
    private final long deadlineNanos;
    private final CompletableFuture<List<Tensor>> answer = new CompletableFuture<>();

    PendingRequest(ModelInputs inputs, long enqueuedNanos, long deadlineNanos) {
        this.inputs = inputs;
        this.enqueuedNanos = enqueuedNanos;
        this.deadlineNanos = deadlineNanos;
    }

    ModelInputs inputs() {
        return inputs;
    }

    int rows() {
        return inputs.rows();
    }

    long enqueuedNanos() {
        return enqueuedNanos;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    CompletableFuture<List<Tensor>> answer() {
        return answer;
    }
}
