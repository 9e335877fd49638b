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
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starts a service from its unpacked jar and waits until it says that it is ready. */
final class ServiceProcess implements Rehearsal {

    /** glibc's many arenas cost a service some 100 MB that it never uses. */
    static final Map<String, String> FRUGAL = Map.of("MALLOC_ARENA_MAX", "2");

    /** The folders that only one process may have. */
    private static final Set<String> OWN_DATA =
            Set.of("MILLRACE_APP_STATE", "MILLRACE_FEATURE_STATE", "MILLRACE_VECTOR_DATA");

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    private final Service service;
    private final Repository repository;
    private final StateFolder state;
    private final Ports ports;
    private volatile @Nullable Path started;

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
            started = jar;
            List<String> command = command(jar);
            parts.start(title, stage(), cache(jar).using(command), environment());
        } catch (IOException e) {
            throw new PartFailed(title, title + " cannot be started: " + e.getMessage(), e);
        }
        parts.await(title, "to become ready", PATIENCE, () -> isReady(service, ports));
        try {
            parts.ready(title);
        } catch (IOException e) {
            throw new PartFailed(title, "The state folder cannot be written: " + e, e);
        }
        progress.show(title, PartState.READY, ":" + ports.http(service));
    }

    @Override
    public String title() {
        return service.title();
    }

    /** That of the jar that it was started from; a jar that was built since is left alone. */
    @Override
    public AotCache cache() throws IOException {
        return cache(startedFrom());
    }

    private AotCache cache(Path jar) throws IOException {
        return AotCache.of(state.unpacked(service), List.of(jar), command(jar));
    }

    @Override
    public List<String> making(AotCache cache, Path data) {
        return cache.making(command(startedFrom()));
    }

    private Path startedFrom() {
        return Objects.requireNonNull(started, () -> title() + " has not been started");
    }

    private List<String> command(Path jar) {
        return JavaCommand.lean(service.jvmFlags(), List.of("-jar", jar.toString()));
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

    @Override
    public Map<String, String> environment(Path data) throws IOException {
        Map<String, String> environment = environment();
        environment.replaceAll((name, value) -> OWN_DATA.contains(name) ? data.toString() : value);
        return environment;
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
                environment.put("MILLRACE_INFERENCE_TARGET", target(Service.INFERENCE));
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
        // whoever is first makes the topics
        environment.put("MILLRACE_TOPICS_PARTITIONS", Integer.toString(KafkaTopics.PARTITIONS));
    }

    private void redis(Map<String, String> environment) {
        environment.put("SPRING_DATA_REDIS_HOST", "127.0.0.1");
        environment.put("SPRING_DATA_REDIS_PORT", Integer.toString(ports.redis()));
    }
}
