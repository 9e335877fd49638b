package io.millrace.inference.batching;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Decides which requests run together. It has no thread, no clock and no lock; times are on the scale of
 * {@link System#nanoTime}.
 *
 * <p>Requests leave in the order in which they came. An instance that asks takes at once what is there, so batches form
 * while instances are busy; only with a maximum delay is a batch held back, until it is full, until its oldest request has
 * used its delay, or at once when one of its deadlines would not survive that.
 */
final class BatchQueue {

    private final int maxBatchSize;
    private final long maxDelayNanos;
    private final int maxRows;
    private final Deque<PendingRequest> requests = new ArrayDeque<>();
    private int rows;
    private long earliestDeadlineNanos; // of the requests; may be earlier than that after some have left

    BatchQueue(int maxBatchSize, Duration maxDelay, int maxRows) {
        this.maxBatchSize = maxBatchSize;
        this.maxDelayNanos = maxDelay.toNanos();
        this.maxRows = maxRows;
    }

    /** Rows that wait. */
    int rows() {
        return rows;
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    /** Takes the request, unless there is no room for its rows. */
    boolean offer(PendingRequest request) {
        if (request.rows() > maxRows - rows) {
            return false;
        }
        if (requests.isEmpty() || request.deadlineNanos() - earliestDeadlineNanos < 0) {
            earliestDeadlineNanos = request.deadlineNanos();
        }
        rows += request.rows();
        requests.add(request);
        return true;
    }

    /** Gives up a request, if it still waits. */
    boolean remove(PendingRequest request) {
        boolean removed = requests.remove(request);
        rows -= removed ? request.rows() : 0;
        return removed;
    }

    Next next(long nowNanos) {
        List<PendingRequest> expired = takeExpired(nowNanos);
        if (!expired.isEmpty()) {
            return new Next.Drop(expired);
        }
        if (requests.isEmpty()) {
            return new Next.Idle();
        }
        List<PendingRequest> batch = firstBatch();
        long patience = isClosed(batch) ? 0 : patience(batch, nowNanos);
        if (patience > 0) {
            return new Next.Wait(Duration.ofNanos(patience));
        }
        batch.forEach(_ -> rows -= requests.remove().rows());
        return new Next.Run(batch);
    }

    private List<PendingRequest> takeExpired(long nowNanos) {
        if (requests.isEmpty() || earliestDeadlineNanos - nowNanos > 0) {
            return List.of();
        }
        List<PendingRequest> all = List.copyOf(requests);
        requests.clear();
        rows = 0;
        List<PendingRequest> expired = new ArrayList<>();
        for (PendingRequest request : all) {
            if (request.deadlineNanos() - nowNanos <= 0) {
                expired.add(request);
            } else {
                offer(request);
            }
        }
        return expired;
    }

    private List<PendingRequest> firstBatch() {
        List<PendingRequest> batch = new ArrayList<>();
        int taken = 0;
        for (PendingRequest request : requests) {
            // Stops at the first request that does not fit: taking smaller ones from behind could starve it.
            if (taken + request.rows() > maxBatchSize
                    || !request.inputs().sameRowShapes(requests.element().inputs())) {
                break;
            }
            batch.add(request);
            taken += request.rows();
        }
        return batch;
    }

    /** Whether waiting cannot add to it: it is full, or the next request does not fit. */
    private boolean isClosed(List<PendingRequest> batch) {
        return batch.size() < requests.size()
                || batch.stream().mapToInt(PendingRequest::rows).sum() == maxBatchSize;
    }

    private long patience(List<PendingRequest> batch, long nowNanos) {
        long left = batch.getFirst().enqueuedNanos() + maxDelayNanos - nowNanos;
        return batch.stream().allMatch(request -> request.deadlineNanos() - nowNanos > left) ? left : 0;
    }
}
