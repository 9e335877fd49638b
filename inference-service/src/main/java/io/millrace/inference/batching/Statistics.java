package io.millrace.inference.batching;

import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.ModelStatistics;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what {@link ModelStatistics} tells. Any thread may call it. */
final class Statistics {

    /** A growing {@link ModelStatistics.Total}. */
    private static final class Sum {
        private long count;
        private long nanos;

        void add(long times, long each) {
            count += times;
            nanos += times * each;
        }

        ModelStatistics.Total total() {
            return new ModelStatistics.Total(count, nanos);
        }
    }

    private static final class Phases {
        private final Sum copyIn = new Sum();
        private final Sum compute = new Sum();
        private final Sum copyOut = new Sum();

        void add(long times, BatchResult result) {
            copyIn.add(times, result.copyInNanos());
            compute.add(times, result.computeNanos());
            copyOut.add(times, result.copyOutNanos());
        }

        ModelStatistics.Batches total() {
            return new ModelStatistics.Batches(copyIn.total(), compute.total(), copyOut.total());
        }
    }

    private final Sum success = new Sum();
    private final Sum fail = new Sum();
    private final Sum queue = new Sum();
    private final Phases requests = new Phases();
    private final SortedMap<Integer, Phases> batches = new TreeMap<>();
    private long rows;
    private long executions;
    private long lastInferenceMillis;

    synchronized void ran(List<PendingRequest> batch, BatchResult result, long startedNanos) {
        int together = batch.stream().mapToInt(PendingRequest::rows).sum();
        rows += together;
        executions++;
        batch.forEach(request -> queue.add(1, startedNanos - request.enqueuedNanos()));
        requests.add(batch.size(), result);
        batches.computeIfAbsent(together, _ -> new Phases()).add(1, result);
    }

    synchronized void answered(long nanos, long nowMillis) {
        success.add(1, nanos);
        lastInferenceMillis = nowMillis;
    }

    synchronized void failed(long nanos) {
        fail.add(1, nanos);
    }

    synchronized ModelStatistics read() {
        SortedMap<Integer, ModelStatistics.Batches> sizes = new TreeMap<>();
        batches.forEach((size, phases) -> sizes.put(size, phases.total()));
        return new ModelStatistics(
                lastInferenceMillis,
                rows,
                executions,
                success.total(),
                fail.total(),
                queue.total(),
                requests.copyIn.total(),
                requests.compute.total(),
                requests.copyOut.total(),
                new ModelStatistics.Total(0, 0),
                new ModelStatistics.Total(0, 0),
                sizes);
    }
}
