package io.millrace.inference.batching;

import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Runs a batch on an instance. One that fails is run again in halves, until the requests that it fails on stand alone: at
 * most 2n − 1 runs for n requests, and none for those who have left or whose deadline passed meanwhile.
 */
final class BatchRun {

    /** What came of the requests. */
    interface Ends {

        /** These ran together; the answers stand in their order. */
        void ran(List<PendingRequest> batch, BatchResult result, long startedNanos);

        void failed(PendingRequest request, InferenceException why);
    }

    private final ModelInstance instance;
    private final LongSupplier clock;
    private final Ends ends;

    BatchRun(ModelInstance instance, LongSupplier clock, Ends ends) {
        this.instance = instance;
        this.clock = clock;
        this.ends = ends;
    }

    void run(List<PendingRequest> requests) {
        long started = clock.getAsLong();
        List<PendingRequest> batch = wanted(requests, started);
        if (batch.isEmpty()) {
            return;
        }
        BatchResult result;
        try {
            List<ModelInputs> inputs = new ArrayList<>(batch.size());
            for (PendingRequest request : batch) {
                inputs.add(request.inputs());
            }
            result = instance.run(inputs);
        } catch (RuntimeException | OutOfMemoryError e) {
            // Whatever the engine throws must neither end the thread that serves the model nor fail the neighbours.
            if (batch.size() == 1) {
                ends.failed(batch.getFirst(), failure(e));
                return;
            }
            int half = batch.size() / 2;
            run(batch.subList(0, half));
            run(batch.subList(half, batch.size()));
            return;
        }
        ends.ran(batch, result, started);
    }

    private List<PendingRequest> wanted(List<PendingRequest> requests, long nowNanos) {
        List<PendingRequest> wanted = new ArrayList<>(requests.size());
        for (PendingRequest request : requests) {
            if (request.deadlineNanos() - nowNanos <= 0) {
                ends.failed(request, new DeadlineExceeded());
            } else if (!request.answer().isDone()) {
                wanted.add(request);
            }
        }
        return wanted;
    }

    private static InferenceException failure(Throwable error) {
        return error instanceof InferenceException known
                ? known
                : new ExecutionFailed("the model failed on these inputs: " + error, error);
    }
}
