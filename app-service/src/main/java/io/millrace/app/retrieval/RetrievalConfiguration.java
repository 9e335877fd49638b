package io.millrace.app.retrieval;

import io.millrace.app.channels.Channels;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RetrievalConfiguration {

    @Bean
    RetrievalClient retrievalClient(Channels channels) {
        return new RetrievalClient(channels.open("vector"));
    }
}
