package io.millrace.inference.model;

/** How loaded models come to answer requests. */
public interface Serving {

    /** Puts a loaded model behind something that takes requests, and that closes the model in the end. */
    Predictor serve(String model, int version, ModelDefinition definition, LoadedModel loaded);
}
