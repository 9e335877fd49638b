package io.millrace.inference.routing;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RoutingProperties.class)
class RoutingConfiguration {

    @Bean
    RoutingFile routingFile(RoutingProperties properties) {
        return new RoutingFile(properties.repository());
    }

    @Bean
    RoutingWatcher routingWatcher(RoutingFile file, RoutingProperties properties) {
        return new RoutingWatcher(file, properties.scanInterval());
    }
}
