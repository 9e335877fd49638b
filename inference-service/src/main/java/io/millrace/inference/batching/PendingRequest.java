package io.millrace.inference.batching;

import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request that waits for a batch slot. Two requests are never equal. */
final class PendingRequest {

    private final ModelInputs inputs;
    private final int level;
    private final long enqueuedNanos;
    private final long deadlineNanos;
    private final CompletableFuture<List<Tensor>> answer = new CompletableFuture<>();

    private final AtomicBoolean ended = new AtomicBoolean();
    private boolean waiting; // the queue's own

    /** @param level its priority, 1 being the highest */
    PendingRequest(ModelInputs inputs, int level, long enqueuedNanos, long deadlineNanos) {
        this.inputs = inputs;
        this.level = level;
        this.enqueuedNanos = enqueuedNanos;
        this.deadlineNanos = deadlineNanos;
    }

    ModelInputs inputs() {
        return inputs;
    }

    int rows() {
        return inputs.rows();
    }

    int level() {
        return level;
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

    /** Whether its end is only now; for the first who tells. */
    boolean end() {
        return ended.compareAndSet(false, true);
    }

    boolean isWaiting() {
        return waiting;
    }

    void waiting(boolean now) {
        waiting = now;
    }
}
