package io.millrace.inference.runtime;

import io.millrace.inference.model.ModelRuntime;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RuntimeConfiguration {

    @Bean
    ModelRuntime onnxRuntime() {
        return new OnnxRuntime();
    }
}
