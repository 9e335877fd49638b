package io.millrace.app.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.features.FeatureClient;
import io.millrace.app.inference.InferenceClient;
import io.millrace.app.inference.ModelSignatures;
import io.millrace.app.retrieval.RetrievalClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PipelineConfiguration {

    @Bean
    Neighbours neighbours(
            FeatureClient features, RetrievalClient retrieval, InferenceClient inference, ModelSignatures signatures) {
        return new Neighbours(features, retrieval, inference, signatures);
    }

    @Bean
    PredictionMetrics predictionMetrics(MeterRegistry meters) {
        return new PredictionMetrics(meters);
    }
}
