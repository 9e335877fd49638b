package io.millrace.inference.runtime;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({OnnxProperties.class, EnginesProperties.class})
class RuntimeConfiguration {

    @Bean
    Engines engines(OnnxProperties onnx, EnginesProperties others) {
        return new Engines(new OnnxRuntime(onnx.provider(), onnx.device()), others.pytorch());
    }
}
