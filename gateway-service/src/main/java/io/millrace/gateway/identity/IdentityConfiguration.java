package io.millrace.gateway.identity;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class IdentityConfiguration {

    @Bean
    IdentityFilter identityFilter(IdentityProperties properties) {
        return new IdentityFilter(new KeyFile(properties.keyFile(), properties.reload(), System.nanoTime()));
    }
}
