package io.millrace.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Needs;
import io.millrace.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ComposeTest {

    /** Where the images of others listen. */
    private static final Map<String, Integer> PORTS_OF_OTHERS =
            Map.of("postgres", 5432, "kafka", 9092, "redis", 6379, "prometheus", 9090, "grafana", 3000);

    private final Compose compose = Compose.read();
    private final Variables variables = new Variables();

    static List<ServiceConfiguration> services() {
        return ServiceConfiguration.all();
    }

    @Test
    void hasEveryServiceAndWhatItNeeds() {
        assertThat(compose.services())
                .containsOnlyKeys(Stream.of(
                                ServiceConfiguration.NAMES.stream(),
                                PORTS_OF_OTHERS.keySet().stream(),
                                Stream.of("provide"))
                        .flatMap(names -> names)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyVariableIsReadByTheService(ServiceConfiguration service) {
        Set<String> given = of(service).environment().keySet();
        assertThat(given)
                .allSatisfy(name ->
                        assertThat(variables.reads(service, name)).as(name).isTrue());
        assertThat(given)
                .as("none that the service reads is left to a default of one machine")
                .containsAll(service.variables());
    }

    @Test
    void everyAddressIsSomebodys() {
        compose.services()
                .forEach((name, service) -> service.environment()
                        .forEach((variable, value) -> Address.in(value)
                                .filter(address -> !variable.startsWith("KAFKA_"))
                                .ifPresent(address -> assertThat(ports(address.host()))
                                        .as("%s of %s", variable, name)
                                        .contains(address.port()))));
        assertThat(compose.service("kafka").environment())
                .containsEntry("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://kafka:9092");
    }

    @ParameterizedTest
    @MethodSource("services")
    void isHealthyWhenItIsReady(ServiceConfiguration service) {
        assertThat(of(service).healthcheck().orElseThrow().test())
                .containsExactly(
                        "CMD",
                        "curl",
                        "-fsS",
                        "http://127.0.0.1:%d/actuator/health/readiness".formatted(service.management()));
    }

    @ParameterizedTest
    @MethodSource("services")
    void isBuiltFromTheOneDockerfileAndMayDoLittle(ServiceConfiguration service) {
        Compose.Service it = of(service);
        assertThat(it.image()).isEqualTo("millrace/" + service.name() + ":" + StrictFile.version());
        assertThat(it.build()).contains(new Compose.Build(".", Optional.empty(), Map.of("SERVICE", service.name())));
        assertThat(it.readOnly()).contains(true);
        assertThat(it.capDrop()).containsExactly("ALL");
        assertThat(it.securityOpt()).containsExactly("no-new-privileges:true");
        assertThat(StrictFile.text("Dockerfile")).contains("USER 10001:10001");
    }

    @Test
    void provideWaitsForEveryServiceAndKnowsThemAll() {
        Compose.Service provide = compose.service("provide");
        assertThat(provide.image()).isEqualTo("millrace/provide:" + StrictFile.version());
        assertThat(provide.dependsOn())
                .containsOnlyKeys(ServiceConfiguration.NAMES)
                .allSatisfy((_, how) -> assertThat(how.condition()).isEqualTo("service_healthy"));
        String code = StrictFile.text("local/src/main/java/io/millrace/local/supervision/EnvironmentAddresses.java")
                + StrictFile.text("local/src/main/java/io/millrace/local/Launcher.java");
        assertThat(provide.environment().keySet())
                .allSatisfy(name -> assertThat(code).containsPattern("\"" + Pattern.quote(name) + "\""));
    }

    @Test
    void onlyThisMachineReachesIt() {
        compose.services().values().stream()
                .flatMap(service -> service.ports().stream())
                .forEach(port -> assertThat(port).matches("127\\.0\\.0\\.1:(\\d+):\\1"));
        assertThat(compose.services().values().stream()
                        .filter(service -> !service.ports().isEmpty()))
                .hasSize(3);
    }

    @Test
    void everyVolumeIsDeclaredAndEveryMountedFileIsThere() {
        var used = new ArrayList<String>();
        compose.services().values().stream()
                .flatMap(service -> service.volumes().stream())
                .map(volume -> volume.substring(0, volume.indexOf(':')))
                .forEach(source -> {
                    if (source.startsWith("./")) {
                        assertThat(Files.isDirectory(StrictFile.repository().resolve(source)))
                                .as(source)
                                .isTrue();
                    } else {
                        used.add(source);
                    }
                });
        assertThat(compose.volumes()).containsOnlyKeys(Set.copyOf(used));
    }

    @Test
    void everythingHasABoundOnItsMemoryAndAHealthCheck() {
        assertThat(compose.services()).allSatisfy((name, service) -> {
            assertThat(service.memLimit()).matches("\\d+[mg]");
            assertThat(service.healthcheck().isPresent()).isEqualTo(!name.equals("provide"));
            service.environment()
                    .values()
                    .forEach(value -> assertThat(value)
                            .as("a secret of %s", name)
                            .doesNotContainPattern("PASSWORD:-(?!only-for-development)"));
        });
    }

    @Test
    void grafanaFindsPrometheusAndTheDashboards() {
        var source = StrictFile.yaml("grafana/provisioning/datasources/prometheus.yml", Dashboard.Datasources.class)
                .datasources()
                .getFirst();
        assertThat(source.url()).isEqualTo("http://prometheus:" + PORTS_OF_OTHERS.get("prometheus"));
        var provider = StrictFile.yaml("grafana/provisioning/dashboards/millrace.yml", Dashboard.Providers.class)
                .providers()
                .getFirst();
        assertThat(compose.service("grafana").volumes())
                .contains("./grafana/dashboards:" + provider.options().path() + ":ro");
        assertThat(PrometheusFiles.configuration().ruleFiles()).containsExactly("/etc/prometheus/rules.yml");
        assertThat(compose.service("prometheus").volumes()).contains("./prometheus:/etc/prometheus:ro");
    }

    @Test
    @Tag("long")
    @Needs(Tool.DOCKER)
    void composeTakesTheFile() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(Tool.DOCKER.find().orElseThrow().toString(), "compose", "config", "--quiet")
                        .directory(StrictFile.repository().toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private Compose.Service of(ServiceConfiguration service) {
        return compose.service(service.name());
    }

    private static Set<Integer> ports(String host) {
        Integer other = PORTS_OF_OTHERS.get(host);
        return other != null
                ? Set.of(other)
                : Set.copyOf(ServiceConfiguration.of(host).ports().values());
    }
}
