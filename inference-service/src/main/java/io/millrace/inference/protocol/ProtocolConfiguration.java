package io.millrace.inference.protocol;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.repository.ModelRepository;
import io.millrace.inference.routing.RoutingFile;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({HttpProperties.class, AdminProperties.class})
class ProtocolConfiguration {

    @Bean
    Inference inference(ModelRepository repository, RoutingFile routing, Shadows shadows) {
        return new Inference(repository, routing, shadows);
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

    /** A call blocks until its batch has run, which a virtual thread may do. */
    @Bean
    GrpcServerExecutorProvider grpcExecutor() {
        Executor threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("grpc-", 0).factory());
        return () -> threads;
    }
}
