package io.millrace.inference.model;

import java.time.Duration;

/**
 * How a model's requests wait, run together and are paid for, as its {@code model.yaml} says.
 *
 * @param maxBatchSize rows that run together at most
 * @param maxQueueDelay how long a request may be held back for company; zero never holds one back
 * @param maxQueueRows rows that may wait
 * @param instances how many batches run at once, each on a thread of its own
 * @param timeout how long a request may take whose caller does not say; callers get no more than that either
 * @param priorityLevels the priorities that a request can have, 1 being the highest
 * @param cacheBytes how much memory may hold answers, to give them again to the same inputs; 0 keeps none
 * @param pricePerHour of one instance, in whatever currency the owner counts
 */
public record Scheduling(
        int maxBatchSize,
        Duration maxQueueDelay,
        int maxQueueRows,
        int instances,
        Duration timeout,
        int priorityLevels,
        long cacheBytes,
        double pricePerHour) {

    /** What a model has whose description does not say. */
    public static final int DEFAULT_PRIORITY_LEVELS = 3;

    /** With what a model has whose description says no more. */
    public Scheduling(int maxBatchSize, Duration maxQueueDelay, int maxQueueRows, int instances, Duration timeout) {
        this(maxBatchSize, maxQueueDelay, maxQueueRows, instances, timeout, DEFAULT_PRIORITY_LEVELS, 0, 0);
    }

    /**
     * The level that a request's priority means: 0, which says nothing, is the middle one.
     *
     * @throws InferenceException.InvalidRequest if the model has no such level
     */
    public int level(int priority) {
        if (priority < 0 || priority > priorityLevels) {
            throw new InferenceException.InvalidRequest(
                    "priority %d: send 1, the highest, to %d, or 0 for the middle".formatted(priority, priorityLevels));
        }
        return priority == 0 ? (priorityLevels + 1) / 2 : priority;
    }
}
