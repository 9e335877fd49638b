package io.millrace.inference.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.batching.DynamicBatching;
import io.millrace.inference.model.Serving;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

@Configuration(proxyBeanMethods = false)
class CacheConfiguration {

    @Bean
    @Primary
    Serving cachedServing(DynamicBatching batching, MeterRegistry meters) {
        return new CachedServing(batching, meters);
    }
}
