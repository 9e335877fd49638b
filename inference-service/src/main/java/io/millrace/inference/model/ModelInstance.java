package io.millrace.inference.model;

import java.util.List;

/** A place where one batch of a model runs at a time; it belongs to one thread. */
public interface ModelInstance extends AutoCloseable {

    /**
     * Runs the rows of these requests as one batch and blocks until it is done.
     *
     * @param batch requests whose rows have the same shapes
     * @throws InferenceException.ExecutionFailed if the model fails
     */
    BatchResult run(List<ModelInputs> batch);

    @Override
    void close();
}
