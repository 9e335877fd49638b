package io.millrace.inference.model;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Answers requests to one model version; any thread may call it. */
public interface Predictor extends AutoCloseable {

    /**
     * Takes a request. Its answer has the model's declared outputs, or fails with an {@link InferenceException}. A caller
     * that no longer wants the answer completes it itself; a request that still waits is then dropped. What is to follow the
     * answer on the thread that completes it has to be short.
     *
     * @throws InferenceException.InvalidRequest if the inputs do not fit the model
     * @throws InferenceException.SignatureMismatch if they were made for other columns
     * @throws InferenceException.Overloaded if it would not be answered in time
     */
    CompletableFuture<List<Tensor>> submit(InferenceRequest request);

    ModelStatistics statistics();

    /** Ends what was taken, then frees the model. Blocks meanwhile. */
    @Override
    void close();
}
