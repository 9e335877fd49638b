package io.millrace.inference.protocol;

import io.millrace.inference.repository.ModelRepository;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpProperties.class)
class ProtocolConfiguration {

    @Bean
    Inference inference(ModelRepository repository) {
        return new Inference(repository);
    }

    /** A call blocks until its batch has run, which a virtual thread may do. */
    @Bean
    GrpcServerExecutorProvider grpcExecutor() {
        Executor threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("grpc-", 0).factory());
        return () -> threads;
    }
}
