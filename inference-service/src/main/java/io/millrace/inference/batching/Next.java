package io.millrace.inference.batching;

import java.time.Duration;
import java.util.List;

/** What an idle instance does next. */
sealed interface Next {

    /**
     * Run these, which have left the queue; their rows sum to at most the largest batch.
     *
     * @param expectedEndNanos when they will probably have run
     */
    record Run(List<PendingRequest> batch, CloseReason reason, long expectedEndNanos) implements Next {

        int rows() {
            int rows = 0;
            for (PendingRequest request : batch) {
                rows += request.rows();
            }
            return rows;
        }
    }

    /** Refuse these, which have left the queue; their deadline has passed. */
    record Drop(List<PendingRequest> expired) implements Next {}

    /** Ask again when a request comes, at the latest after so long. */
    record Wait(Duration atMost) implements Next {}

    /** Ask again when a request comes. */
    record Idle() implements Next {}
}
