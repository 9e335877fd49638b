package io.millrace.gateway.identity;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
class IdentityConfiguration {

    @Bean
    KeyFile keyFile(IdentityProperties properties) {
        return new KeyFile(properties.keyFile());
    }

    @Bean
    IdentityFilter identityFilter(KeyFile key) {
        return new IdentityFilter(key);
    }
}
