package io.millrace.inference.runtime;

import io.millrace.inference.model.ModelRuntime;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OnnxProperties.class)
class RuntimeConfiguration {

    @Bean
    ModelRuntime onnxRuntime(OnnxProperties properties) {
        return new OnnxRuntime(properties.provider(), properties.device());
    }
}
