package io.millrace.feature.offline;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.feature.ConditionalOnRole;
import io.millrace.feature.ConditionalOnRole.Role;
import io.millrace.feature.registry.FeatureRegistry;
import io.millrace.feature.streaming.EventReplay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OfflineConfiguration {

    @Bean
    @ConditionalOnRole(Role.OFFLINE)
    TrainingSets trainingSets(
            FeatureRegistry registry, EventReplay events, OfflineProperties properties, MeterRegistry meters) {
        return new TrainingSets(registry, events, properties, meters);
    }
}
