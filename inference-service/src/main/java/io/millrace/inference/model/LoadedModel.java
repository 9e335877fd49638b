package io.millrace.inference.model;

/** A model version in memory. Any thread may use it; it is closed after its last instance. */
public interface LoadedModel extends AutoCloseable {

    GraphSignature graph();

    /** Another place where a batch can run. */
    ModelInstance newInstance();

    @Override
    void close();
}
