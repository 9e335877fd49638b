package io.millrace.inference.protocol;

import inference.GRPCInferenceServiceGrpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.repository.ModelRepository;
import io.millrace.inference.routing.RoutingFile;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.ServerBuilderCustomizer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({HttpProperties.class, AdminProperties.class})
class ProtocolConfiguration {

    @Bean
    Inference inference(ModelRepository repository, RoutingFile routing, Shadows shadows, OpenCalls open) {
        return new Inference(repository, routing, shadows, open);
    }

    @Bean
    OpenCalls openCalls() {
        return new OpenCalls();
    }

    @Bean
    Shadows shadows(ModelRepository repository, MeterRegistry meters) {
        return new Shadows(repository, meters);
    }

    @Bean
    AdminKey adminKey(AdminProperties properties) {
        return new AdminKey(properties.keySha256());
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> rememberConnections() {
        return tomcat -> tomcat.setProtocol(CallerConnection.Protocol.class.getName());
    }

    /** For calls that wait: for a model to be loaded, or its folder to be read. */
    @Bean
    GrpcServerExecutorProvider grpcExecutor() {
        Executor threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("grpc-", 0).factory());
        return () -> threads;
    }

    /** Inference waits for nothing: it is decoded and queued where it was read, and spared two wake-ups. */
    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> inferWhereItIsRead() {
        ServerCallExecutorSupplier supplier = new ServerCallExecutorSupplier() {
            @Override
            public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata metadata) {
                return call.getMethodDescriptor() == GRPCInferenceServiceGrpc.getModelInferMethod()
                        ? Runnable::run
                        : null;
            }
        };
        return server -> server.callExecutor(supplier);
    }
}
