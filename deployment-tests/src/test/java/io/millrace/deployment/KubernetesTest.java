package io.millrace.deployment;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.deployment.Manifest.ConfigMap;
import io.millrace.deployment.Manifest.Container;
import io.millrace.deployment.Manifest.ContainerPort;
import io.millrace.deployment.Manifest.Deployment;
import io.millrace.deployment.Manifest.HorizontalPodAutoscaler;
import io.millrace.deployment.Manifest.Mount;
import io.millrace.deployment.Manifest.NetworkPolicy;
import io.millrace.deployment.Manifest.PodDisruptionBudget;
import io.millrace.deployment.Manifest.Service;
import io.millrace.deployment.Manifest.StatefulSet;
import io.millrace.deployment.Manifest.Volume;
import io.millrace.deployment.Manifest.Workload;
import io.millrace.testing.Needs;
import io.millrace.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KubernetesTest {

    /** What Millrace finds in the cluster and does not bring: where, by the overlay's choice. */
    private static final Set<String> OUTSIDE = Set.of("postgres:5432", "kafka:9092", "redis:6379");

    private static final Set<String> SECRETS = Set.of("millrace-postgres/password", "millrace-api-key");

    private final KubernetesBase base = KubernetesBase.read();
    private final Variables variables = new Variables();

    static List<ServiceConfiguration> services() {
        return ServiceConfiguration.all();
    }

    @Test
    void everyFileIsInTheKustomization() throws IOException {
        try (var files = Files.list(StrictFile.repository().resolve(KubernetesBase.FOLDER))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.equals("kustomization.yaml")))
                    .containsExactlyInAnyOrderElementsOf(
                            KubernetesBase.kustomization().resources());
        }
    }

    @Test
    void refusesAFieldThatKubernetesWouldOverlook() {
        String service = StrictFile.text(KubernetesBase.FOLDER + "/app-service.yaml");
        assertThatThrownBy(() -> KubernetesBase.parse(service.replace(
                                "failureThreshold: 90", "failureThreshold: 90\n            sucessThreshold: 1"))
                        .toList())
                .hasMessageContaining("sucessThreshold");
        assertThatThrownBy(() -> KubernetesBase.parse(service.replace("\"8181\"", "8181"))
                        .toList())
                .hasMessageContaining("prometheus.io/port");
    }

    @ParameterizedTest
    @MethodSource("services")
    void portsAreThoseThatTheServiceListensOn(ServiceConfiguration service) {
        assertThat(container(service).ports().stream()
                        .collect(toMap(ContainerPort::name, ContainerPort::containerPort)))
                .isEqualTo(service.ports());
        Service http = base.named(Service.class, service.name());
        assertThat(http.spec().ports()).containsExactly(new Service.Port("http", service.http(), "http"));
        assertThat(http.spec().selector())
                .isEqualTo(workload(service).selector().matchLabels());
        service.grpc().ifPresent(port -> {
            Service grpc = base.named(Service.class, service.name() + "-grpc");
            assertThat(grpc.isHeadless()).as("callers see every replica").isTrue();
            assertThat(grpc.spec().ports()).containsExactly(new Service.Port("grpc", port, "grpc"));
            assertThat(grpc.spec().selector())
                    .isEqualTo(workload(service).selector().matchLabels());
        });
        assertThat(workload(service).template().metadata().annotations())
                .isEqualTo(Map.of(
                        "prometheus.io/scrape", "true",
                        "prometheus.io/port", Integer.toString(service.management()),
                        "prometheus.io/path", "/actuator/prometheus"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyVariableIsReadByTheService(ServiceConfiguration service) {
        assertThat(environment(service).keySet())
                .allSatisfy(name ->
                        assertThat(variables.reads(service, name)).as(name).isTrue());
        assertThat(environment(service).keySet())
                .as("none that the service reads is left to a default of one machine")
                .containsAll(service.variables());
    }

    @Test
    void knowsAVariableThatNobodyReads() {
        var app = ServiceConfiguration.of("app-service");
        assertThat(variables.reads(app, "MILLRACE_APP_STATE")).isTrue();
        assertThat(variables.reads(app, "MILLRACE_VECTOR_DATA")).isFalse();
        assertThat(variables.reads(app, "SPRING_KAFKA_BOOTSTRAP_SERVER")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyAddressIsSomebodys(ServiceConfiguration service) {
        environment(service)
                .forEach((name, value) -> Address.in(value).ifPresent(address -> {
                    if (!OUTSIDE.contains(address.host() + ":" + address.port())) {
                        Service target = base.named(Service.class, address.host());
                        assertThat(target.spec().ports())
                                .extracting(Service.Port::port)
                                .contains(address.port());
                        assertThat(target.isHeadless()).as(name).isEqualTo(address.resolvesToAll());
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("services")
    void probesAskTheManagementPort(ServiceConfiguration service) {
        Container container = container(service);
        assertThat(container.readinessProbe().orElseThrow().httpGet())
                .isEqualTo(new Manifest.HttpGet("/actuator/health/readiness", "management"));
        assertThat(List.of(
                        container.livenessProbe().orElseThrow(),
                        container.startupProbe().orElseThrow()))
                .allSatisfy(probe -> assertThat(probe.httpGet())
                        .isEqualTo(new Manifest.HttpGet("/actuator/health/liveness", "management")));
        var start = container.startupProbe().orElseThrow();
        int patience = start.periodSeconds() * start.failureThreshold();
        assertThat(patience).as("a start on a busy machine").isGreaterThanOrEqualTo(120);
    }

    @ParameterizedTest
    @MethodSource("services")
    void isStoppedNoSoonerThanItHasFinished(ServiceConfiguration service) {
        int drain =
                container(service).lifecycle().orElseThrow().preStop().sleep().seconds();
        assertThat(workload(service).template().spec().terminationGracePeriodSeconds())
                .isGreaterThanOrEqualTo(drain + 3 * 10); // three phases, spring.lifecycle.timeout-per-shutdown-phase
    }

    @ParameterizedTest
    @MethodSource("services")
    void keepsToTheRestrictedPodSecurity(ServiceConfiguration service) {
        demandRestricted(workload(service).template().spec());
    }

    private static void demandRestricted(Manifest.PodSpec pod) {
        assertThat(pod.automountServiceAccountToken()).contains(false);
        assertThat(pod.securityContext().runAsNonRoot()).isTrue();
        assertThat(pod.securityContext().runAsUser()).isGreaterThan(0);
        assertThat(pod.securityContext().seccompProfile().type()).isEqualTo("RuntimeDefault");
        assertThat(pod.containers()).hasSize(1).allSatisfy(container -> {
            assertThat(container.securityContext().allowPrivilegeEscalation()).isFalse();
            assertThat(container.securityContext().readOnlyRootFilesystem()).isTrue();
            assertThat(container.securityContext().capabilities().drop()).containsExactly("ALL");
            assertThat(container.resources().requests()).containsKeys("cpu", "memory");
            assertThat(container.resources().limits()).containsKeys("memory");
        });
    }

    @Test
    void theNamespaceEnforcesIt() {
        assertThat(base.all(Manifest.Namespace.class)).singleElement().satisfies(namespace -> {
            assertThat(namespace.metadata().name())
                    .isEqualTo(KubernetesBase.kustomization().namespace());
            assertThat(namespace.metadata().labels()).containsEntry("pod-security.kubernetes.io/enforce", "restricted");
        });
    }

    @ParameterizedTest
    @MethodSource("services")
    void writesOnlyWhereAVolumeIs(ServiceConfiguration service) {
        var pod = workload(service).template().spec();
        var volumes = new ArrayList<>(pod.volumes().stream().map(Volume::name).toList());
        if (workload(service) instanceof StatefulSet stateful) {
            stateful.spec()
                    .volumeClaimTemplates()
                    .forEach(each -> volumes.add(each.metadata().name()));
        }
        List<Mount> mounts = container(service).volumeMounts();
        assertThat(mounts).extracting(Mount::name).containsExactlyInAnyOrderElementsOf(volumes);
        assertThat(mounts).extracting(Mount::mountPath).contains("/tmp");
        environment(service).values().stream()
                .filter(value -> value.startsWith("/"))
                .forEach(path ->
                        assertThat(mounts).anySatisfy(mount -> assertThat(path).startsWith(mount.mountPath())));
        pod.volumes().forEach(volume -> {
            volume.persistentVolumeClaim()
                    .ifPresent(claim -> base.named(Manifest.PersistentVolumeClaim.class, claim.claimName()));
            volume.secret().ifPresent(secret -> assertThat(SECRETS).contains(secret.secretName()));
        });
    }

    @ParameterizedTest
    @MethodSource("services")
    void hasABudgetForDisruptionsAndAnImageOfItsOwn(ServiceConfiguration service) {
        PodDisruptionBudget budget = base.named(PodDisruptionBudget.class, service.name());
        assertThat(budget.spec().maxUnavailable()).isEqualTo(1);
        assertThat(budget.spec().selector()).isEqualTo(workload(service).selector());
        assertThat(workload(service).template().metadata().labels())
                .containsAllEntriesOf(workload(service).selector().matchLabels());
        assertThat(container(service).image()).isEqualTo("millrace/" + service.name() + ":" + StrictFile.version());
    }

    @Test
    void gatewayAndAppScaleFromTwoToTwentyAtSeventyPercentOfTheCpu() {
        assertThat(base.all(HorizontalPodAutoscaler.class))
                .extracting(each -> each.spec().scaleTargetRef().name())
                .containsExactlyInAnyOrder("gateway-service", "app-service");
        assertThat(base.all(HorizontalPodAutoscaler.class)).allSatisfy(each -> {
            assertThat(each.spec().minReplicas()).isEqualTo(2);
            assertThat(each.spec().maxReplicas()).isEqualTo(20);
            assertThat(each.spec().metrics())
                    .containsExactly(new HorizontalPodAutoscaler.Metric(
                            "Resource",
                            new HorizontalPodAutoscaler.ResourceMetric(
                                    "cpu", new HorizontalPodAutoscaler.Utilization("Utilization", 70))));
            Deployment scaled =
                    base.named(Deployment.class, each.spec().scaleTargetRef().name());
            assertThat(scaled.spec().replicas()).as("the autoscaler decides").isEmpty();
        });
    }

    @Test
    void theJobThatBringsTheStorefrontInKnowsEveryServiceAndMayDoLittle() {
        var pod = base.named(Manifest.Job.class, "provide").spec().template().spec();
        Container container = pod.containers().getFirst();
        demandRestricted(pod);
        assertThat(container.image()).isEqualTo("millrace/provide:" + StrictFile.version());
        var given = container.env().stream()
                .collect(toMap(Manifest.Variable::name, each -> each.value().orElseThrow()));
        var composed = new LinkedHashMap<>(Compose.read().service("provide").environment());
        assertThat(given).as("the same addresses as in compose").isEqualTo(composed);
        given.values()
                .forEach(value -> Address.in(value)
                        .filter(address -> !OUTSIDE.contains(address.host() + ":" + address.port()))
                        .ifPresent(address -> assertThat(base.named(Service.class, address.host())
                                        .spec()
                                        .ports())
                                .extracting(Service.Port::port)
                                .contains(address.port())));
        assertThat(container.volumeMounts())
                .extracting(Mount::name)
                .containsExactlyInAnyOrderElementsOf(
                        pod.volumes().stream().map(Volume::name).toList());
    }

    @Test
    void onlyTheGatewayIsForEverybody() {
        var policy = base.all(NetworkPolicy.class).getFirst().spec();
        assertThat(policy.podSelector().matchExpressions().getFirst().values())
                .containsExactlyInAnyOrderElementsOf(ServiceConfiguration.NAMES.stream()
                        .filter(name -> !name.equals("gateway-service"))
                        .toList());
        assertThat(policy.ingress().getLast().ports())
                .extracting(NetworkPolicy.PolicyPort::port)
                .containsExactlyElementsOf(ServiceConfiguration.all().stream()
                        .filter(each -> !each.name().equals("gateway-service"))
                        .map(ServiceConfiguration::management)
                        .toList());
    }

    @Test
    @Tag("long")
    @Needs(Tool.KUBECTL)
    void kustomizeBuildsTheSame() throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Tool.KUBECTL.find().orElseThrow().toString(), "kustomize", KubernetesBase.FOLDER)
                .directory(StrictFile.repository().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String built = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(KubernetesBase.parse(built)
                        .map(each -> each.getClass().getSimpleName() + " "
                                + each.metadata().name()))
                .containsExactlyInAnyOrderElementsOf(base.manifests().stream()
                        .map(each -> each.getClass().getSimpleName() + " "
                                + each.metadata().name())
                        .toList());
    }

    private Workload workload(ServiceConfiguration service) {
        return base.named(Workload.class, service.name());
    }

    private Container container(ServiceConfiguration service) {
        return workload(service).container();
    }

    /** Its variables; those of a secret without their value. */
    private Map<String, String> environment(ServiceConfiguration service) {
        var environment = new LinkedHashMap<String, String>();
        for (var from : container(service).envFrom()) {
            environment.putAll(
                    base.named(ConfigMap.class, from.configMapRef().name()).data());
        }
        for (var each : container(service).env()) {
            each.valueFrom()
                    .ifPresent(from -> assertThat(SECRETS)
                            .contains(from.secretKeyRef().name() + "/"
                                    + from.secretKeyRef().key()));
            environment.put(each.name(), each.value().orElse(""));
        }
        return environment;
    }
}
