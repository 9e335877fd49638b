package io.millrace.inference.batching;

import java.time.Duration;
import java.util.List;

/** What an idle instance does next. */
sealed interface Next {

    /** Run these, which have left the queue; their rows sum to at most the largest batch. */
    record Run(List<PendingRequest> batch) implements Next {}

    /** Refuse these, which have left the queue; their deadline has passed. */
    record Drop(List<PendingRequest> expired) implements Next {}

    /** Ask again when a request comes, at the latest after so long. */
    record Wait(Duration atMost) implements Next {}

    /** Ask again when a request comes. */
    record Idle() implements Next {}
}
