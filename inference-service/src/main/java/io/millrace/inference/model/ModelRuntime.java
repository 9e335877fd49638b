package io.millrace.inference.model;

import java.nio.ByteBuffer;

/** An engine that runs model files of one kind. */
public interface ModelRuntime {

    /**
     * Loads a model file. The bytes are only read during the call.
     *
     * @throws RefusedModelException if the file is damaged, or not one for this engine
     */
    LoadedModel load(ModelDefinition definition, ByteBuffer file) throws RefusedModelException;
}
