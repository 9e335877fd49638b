package io.millrace.vector;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.millrace.testing.Infra;
import io.millrace.testing.Postgres;
import io.millrace.vector.v1.VectorServiceGrpc;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The whole service on free ports, with real Kafka and Postgres; stopped and started like a process. */
final class RunningVectorService implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final ManagedChannel channel;

    private RunningVectorService(ConfigurableApplicationContext context) {
        this.context = context;
        this.channel = ManagedChannelBuilder.forAddress(
                        "127.0.0.1", context.getBean(GrpcServerLifecycle.class).getPort())
                .usePlaintext()
                .build();
    }

    static RunningVectorService start(Path data, Postgres postgres, String unknownCollectionWait) {
        return start(
                data,
                Map.of(
                        "millrace.vector.ingestion.unknown-collection-wait", unknownCollectionWait,
                        "spring.datasource.url", postgres.jdbcUrl(),
                        "spring.datasource.username", postgres.username(),
                        "spring.datasource.password", postgres.password(),
                        "spring.kafka.bootstrap-servers", Infra.kafkaBootstrap()));
    }

    static RunningVectorService start(Path data, Map<String, Object> properties) {
        Map<String, Object> all = new LinkedHashMap<>(Map.of(
                "server.port",
                0,
                "management.server.port",
                0,
                "spring.grpc.server.port",
                0,
                "millrace.vector.data",
                data,
                "millrace.vector.retire-after",
                "2s",
                "millrace.vector.collection-poll",
                "200ms"));
        all.putAll(properties);
        String[] arguments = all.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
        return new RunningVectorService(new SpringApplicationBuilder(VectorApplication.class).run(arguments));
    }

    VectorServiceGrpc.VectorServiceBlockingStub grpc() {
        return VectorServiceGrpc.newBlockingStub(channel);
    }

    RequestMappingHandlerMapping mappings() {
        return context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
    }

    int port() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    RestTestClient http() {
        return client("local.server.port");
    }

    RestTestClient management() {
        return client("local.management.port");
    }

    private RestTestClient client(String portProperty) {
        return RestTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty(portProperty))
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        context.close();
    }
}
