package io.millrace.inference.batching;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.model.Serving;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BatchingConfiguration {

    @Bean
    Serving dynamicBatching(MeterRegistry meters) {
        return (model, version, definition, loaded) -> new DynamicBatcher(model, version, definition, loaded, meters);
    }
}
