package io.millrace.app.inference;

import io.millrace.app.channels.Channels;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class InferenceConfiguration {

    @Bean
    InferenceClient inferenceClient(Channels channels) {
        return new InferenceClient(channels.open("inference"));
    }

    @Bean
    ModelSignatures modelSignatures(InferenceClient client) {
        return new ModelSignatures(client);
    }
}
