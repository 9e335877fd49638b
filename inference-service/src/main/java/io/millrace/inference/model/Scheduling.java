package io.millrace.inference.model;

import java.time.Duration;

/**
 * How a model's requests wait and run together, as its {@code model.yaml} says.
 *
 * @param maxBatchSize rows that run together at most
 * @param maxQueueDelay how long a request may be held back for company; zero never holds one back
 * @param maxQueueRows rows that may wait
 * @param instances how many batches run at once, each on a thread of its own
 * @param timeout how long a request may take whose caller does not say; callers get no more than that either
 */
public record Scheduling(int maxBatchSize, Duration maxQueueDelay, int maxQueueRows, int instances, Duration timeout) {}
