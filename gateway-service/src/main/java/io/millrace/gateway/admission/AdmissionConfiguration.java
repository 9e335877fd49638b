package io.millrace.gateway.admission;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AdmissionConfiguration {

    @Bean
    RequestIdWebFilter requestIdWebFilter(InstantSource clock) {
        return new RequestIdWebFilter(clock);
    }

    @Bean
    TraceFilter traceFilter() {
        return new TraceFilter(new SecureRandom());
    }

    @Bean
    BodyLimitFilter bodyLimitFilter(AdmissionProperties properties) {
        return new BodyLimitFilter(properties.maxBody());
    }

    @Bean
    DeadlineFilter deadlineFilter(AdmissionProperties properties) {
        return new DeadlineFilter(properties.defaultTimeout(), properties.maxTimeout(), properties.reserve());
    }
}
