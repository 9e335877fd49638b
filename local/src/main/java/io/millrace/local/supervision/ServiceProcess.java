package io.millrace.local.supervision;

import io.millrace.local.supervision.RunningParts.Stage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts a service from its unpacked jar and waits until it says that it is ready. */
final class ServiceProcess {

    /** glibc's many arenas cost a service some 100 MB that it never uses. */
    static final Map<String, String> FRUGAL = Map.of("MALLOC_ARENA_MAX", "2");

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    private final Service service;
    private final Repository repository;
    private final StateFolder state;
    private final Ports ports;

    ServiceProcess(Service service, Repository repository, StateFolder state, Ports ports) {
        this.service = service;
        this.repository = repository;
        this.state = state;
        this.ports = ports;
    }

    void start(RunningParts parts, Progress progress) throws PartFailed, InterruptedException {
        String title = service.title();
        progress.show(title, PartState.STARTING, "");
        try {
            Path jar = UnpackedJar.of(repository.jar(service), state.unpacked(service));
            List<String> command = JavaCommand.lean(service.jvmFlags(), List.of("-jar", jar.toString()));
            parts.start(title, stage(), command, environment());
        } catch (IOException e) {
            throw new PartFailed(title, title + " cannot be started: " + e.getMessage(), e);
        }
        parts.await(title, "to become ready", PATIENCE, () -> isReady(service, ports));
        progress.show(title, PartState.READY, ":" + ports.http(service));
    }

    static boolean isReady(Service service, Ports ports) throws InterruptedException {
        var readiness = URI.create("http://127.0.0.1:" + ports.management(service) + "/actuator/health/readiness");
        try {
            var request = HttpRequest.newBuilder(readiness)
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false; // not listening yet
        }
    }

    private Stage stage() {
        return switch (service) {
            case GATEWAY -> Stage.GATEWAY;
            case APP -> Stage.APP;
            case FEATURE, VECTOR, INFERENCE -> Stage.BACKENDS;
        };
    }

    private Map<String, String> environment() throws IOException {
        var environment = new HashMap<>(FRUGAL);
        environment.put("SERVER_PORT", Integer.toString(ports.http(service)));
        environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(ports.management(service)));
        if (service.speaksGrpc()) {
            environment.put("SPRING_GRPC_SERVER_PORT", Integer.toString(ports.grpc(service)));
        }
        switch (service) {
            case GATEWAY -> {
                environment.put("MILLRACE_APP_URL", ports.url(Service.APP));
                environment.put("MILLRACE_FEATURE_URL", ports.url(Service.FEATURE));
                environment.put("MILLRACE_VECTOR_URL", ports.url(Service.VECTOR));
                environment.put("MILLRACE_INFERENCE_URL", ports.url(Service.INFERENCE));
                environment.put("MILLRACE_GATEWAY_KEYFILE", state.demoKey().toString());
            }
            case APP -> {
                environment.put("MILLRACE_FEATURE_TARGET", target(Service.FEATURE));
                environment.put("MILLRACE_VECTOR_TARGET", target(Service.VECTOR));
                environment.put("MILLRACE_INFERENCE_TARGET", target(Service.INFERENCE));
                environment.put("MILLRACE_FEATURE_URL", ports.url(Service.FEATURE));
                environment.put("MILLRACE_APP_STATE", state.data("app").toString());
                postgres(environment);
                kafka(environment);
            }
            case FEATURE -> {
                environment.put("MILLRACE_FEATURE_STATE", state.data("feature").toString());
                postgres(environment);
                kafka(environment);
                redis(environment);
            }
            case VECTOR -> {
                environment.put("MILLRACE_VECTOR_DATA", state.data("vector").toString());
                postgres(environment);
                kafka(environment);
            }
            case INFERENCE ->
                environment.put("MILLRACE_INFERENCE_REPOSITORY", state.models().toString());
        }
        return environment;
    }

    private String target(Service backend) {
        return "static://127.0.0.1:" + ports.grpc(backend);
    }

    private void postgres(Map<String, String> environment) throws IOException {
        environment.put(
                "SPRING_DATASOURCE_URL",
                "jdbc:postgresql://127.0.0.1:" + ports.postgres() + "/" + Infrastructure.DATABASE);
        environment.put("SPRING_DATASOURCE_USERNAME", Infrastructure.DATABASE);
        environment.put("SPRING_DATASOURCE_PASSWORD", state.secret("postgres-password"));
    }

    private void kafka(Map<String, String> environment) {
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", ports.kafkaBootstrap());
    }

    private void redis(Map<String, String> environment) {
        environment.put("SPRING_DATA_REDIS_HOST", "127.0.0.1");
        environment.put("SPRING_DATA_REDIS_PORT", Integer.toString(ports.redis()));
    }
}
