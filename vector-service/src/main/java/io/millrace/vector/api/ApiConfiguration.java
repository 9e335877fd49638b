package io.millrace.vector.api;

import java.util.concurrent.Executors;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ApiConfiguration {

    /** A call waits on a virtual thread for one that searches. */
    @Bean
    GrpcServerExecutorProvider grpcThreads() {
        return Executors::newVirtualThreadPerTaskExecutor;
    }
}
