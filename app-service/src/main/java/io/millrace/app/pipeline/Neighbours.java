package io.millrace.app.pipeline;

import io.millrace.app.features.FeatureClient;
import io.millrace.app.inference.InferenceClient;
import io.millrace.app.inference.ModelSignatures;
import io.millrace.app.retrieval.RetrievalClient;

/** The services that steps call. */
public record Neighbours(
        FeatureClient features, RetrievalClient retrieval, InferenceClient inference, ModelSignatures signatures) {}
