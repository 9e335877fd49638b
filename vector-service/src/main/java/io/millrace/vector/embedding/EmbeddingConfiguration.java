package io.millrace.vector.embedding;

import io.millrace.vector.ConditionalOnRole;
import io.millrace.vector.ConditionalOnRole.Role;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

@Configuration(proxyBeanMethods = false)
class EmbeddingConfiguration {

    @Bean
    @ConditionalOnRole(Role.WRITE)
    EmbeddingModels embeddingModels(GrpcChannelFactory channels) {
        return new EmbeddingModels(channels.createChannel("inference"));
    }
}
