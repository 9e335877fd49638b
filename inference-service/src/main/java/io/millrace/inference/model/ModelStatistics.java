package io.millrace.inference.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model version has done since it was loaded, as the protocol's statistics extension counts it.
 *
 * @param lastInferenceMillis when a request was last answered, since the epoch; 0 if never
 * @param inferenceCount rows that ran
 * @param executionCount batches that ran
 * @param success requests that were answered, from submission to answer
 * @param fail requests that were not
 * @param queue requests that left the queue to run, and how long they had waited
 * @param computeInput requests that ran, and how long copying in took for their batches; so are the next two
 * @param cacheHit requests that were answered from the cache, which the other counts but success leave out, and how long
 *     that took
 * @param cacheMiss requests whose answer the cache did not have, and how long it took to see that
 * @param batches by the rows in a batch
 */
public record ModelStatistics(
        long lastInferenceMillis,
        long inferenceCount,
        long executionCount,
        Total success,
        Total fail,
        Total queue,
        Total computeInput,
        Total computeInfer,
        Total computeOutput,
        Total cacheHit,
        Total cacheMiss,
        SortedMap<Integer, Batches> batches) {

    /** So many, which took so long together. */
    public record Total(long count, long nanos) {

        Total plus(Total other) {
            return new Total(count + other.count, nanos + other.nanos);
        }
    }

    /** The batches of one size. */
    public record Batches(Total computeInput, Total computeInfer, Total computeOutput) {}

    public ModelStatistics {
        batches = Collections.unmodifiableSortedMap(new TreeMap<>(batches));
    }

    /** The same with what a cache in front has answered. */
    public ModelStatistics withCache(Total hit, Total miss) {
        return new ModelStatistics(
                lastInferenceMillis,
                inferenceCount,
                executionCount,
                success.plus(hit),
                fail,
                queue,
                computeInput,
                computeInfer,
                computeOutput,
                hit,
                miss,
                batches);
    }
}
