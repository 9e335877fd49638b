package io.millrace.inference.batching;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BatchingProperties.class)
class BatchingConfiguration {

    @Bean
    DynamicBatching dynamicBatching(MeterRegistry meters, BatchingProperties properties) {
        return new DynamicBatching(meters, properties.maxBytesInFlight().toBytes());
    }
}
