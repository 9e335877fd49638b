package io.millrace.deployment;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An object of Kubernetes, with those of its fields that Millrace uses. */
sealed interface Manifest {

    Metadata metadata();

    record Metadata(
            String name, Optional<String> namespace, Map<String, String> labels, Map<String, String> annotations) {}

    record Namespace(String apiVersion, String kind, Metadata metadata) implements Manifest {}

    record ConfigMap(String apiVersion, String kind, Metadata metadata, Map<String, String> data) implements Manifest {}

    record Service(String apiVersion, String kind, Metadata metadata, Spec spec) implements Manifest {

        record Spec(Optional<String> clusterIP, Map<String, String> selector, List<Port> ports) {}

        record Port(String name, int port, String targetPort) {}

        boolean isHeadless() {
            return spec.clusterIP().equals(Optional.of("None"));
        }
    }

    /** What keeps pods running. */
    sealed interface Workload extends Manifest {

        Selector selector();

        Template template();

        default Container container() {
            return template().spec().containers().getFirst();
        }
    }

    record Deployment(String apiVersion, String kind, Metadata metadata, Spec spec) implements Workload {

        record Spec(Optional<Integer> replicas, Selector selector, Template template) {}

        @Override
        public Selector selector() {
            return spec.selector();
        }

        @Override
        public Template template() {
            return spec.template();
        }
    }

    record StatefulSet(String apiVersion, String kind, Metadata metadata, Spec spec) implements Workload {

        record Spec(
                int replicas,
                String serviceName,
                Selector selector,
                Template template,
                List<ClaimTemplate> volumeClaimTemplates) {}

        record ClaimTemplate(Metadata metadata, ClaimSpec spec) {}

        @Override
        public Selector selector() {
            return spec.selector();
        }

        @Override
        public Template template() {
            return spec.template();
        }
    }

    /** What runs once. */
    record Job(String apiVersion, String kind, Metadata metadata, Spec spec) implements Manifest {

        record Spec(int backoffLimit, Template template) {}
    }

    record Selector(Map<String, String> matchLabels) {}

    record Template(TemplateMetadata metadata, PodSpec spec) {}

    record TemplateMetadata(Map<String, String> labels, Map<String, String> annotations) {}

    record PodSpec(
            Optional<Boolean> automountServiceAccountToken,
            Optional<String> restartPolicy,
            int terminationGracePeriodSeconds,
            PodSecurity securityContext,
            List<Spread> topologySpreadConstraints,
            List<Container> containers,
            List<Volume> volumes) {}

    record PodSecurity(boolean runAsNonRoot, int runAsUser, int runAsGroup, int fsGroup, Seccomp seccompProfile) {}

    record Seccomp(String type) {}

    record Spread(int maxSkew, String topologyKey, String whenUnsatisfiable, Selector labelSelector) {}

    record Container(
            String name,
            String image,
            List<ContainerPort> ports,
            List<EnvironmentFrom> envFrom,
            List<Variable> env,
            Optional<Probe> startupProbe,
            Optional<Probe> readinessProbe,
            Optional<Probe> livenessProbe,
            Optional<Lifecycle> lifecycle,
            Resources resources,
            ContainerSecurity securityContext,
            List<Mount> volumeMounts) {}

    record ContainerPort(String name, int containerPort) {}

    record EnvironmentFrom(Reference configMapRef) {}

    record Reference(String name) {}

    record Variable(String name, Optional<String> value, Optional<ValueFrom> valueFrom) {}

    record ValueFrom(SecretKey secretKeyRef) {}

    record SecretKey(String name, String key) {}

    record Probe(HttpGet httpGet, int periodSeconds, Optional<Integer> timeoutSeconds, int failureThreshold) {}

    record HttpGet(String path, String port) {}

    record Lifecycle(PreStop preStop) {}

    record PreStop(Sleep sleep) {}

    record Sleep(int seconds) {}

    record Resources(Map<String, String> requests, Map<String, String> limits) {}

    record ContainerSecurity(
            boolean allowPrivilegeEscalation, boolean readOnlyRootFilesystem, Capabilities capabilities) {}

    record Capabilities(List<String> drop) {}

    record Mount(String name, String mountPath, Optional<String> subPath, Optional<Boolean> readOnly) {}

    /** A hostPath is not among its kinds. */
    record Volume(
            String name,
            Optional<Map<String, String>> emptyDir,
            Optional<SecretVolume> secret,
            Optional<ClaimVolume> persistentVolumeClaim) {}

    record SecretVolume(String secretName) {}

    record ClaimVolume(String claimName) {}

    record ClaimSpec(List<String> accessModes, ClaimResources resources) {}

    record ClaimResources(Map<String, String> requests) {}

    record PersistentVolumeClaim(String apiVersion, String kind, Metadata metadata, ClaimSpec spec)
            implements Manifest {}

    record PodDisruptionBudget(String apiVersion, String kind, Metadata metadata, Spec spec) implements Manifest {

        record Spec(int maxUnavailable, Selector selector) {}
    }

    record HorizontalPodAutoscaler(String apiVersion, String kind, Metadata metadata, Spec spec) implements Manifest {

        record Spec(Target scaleTargetRef, int minReplicas, int maxReplicas, List<Metric> metrics) {}

        record Target(String apiVersion, String kind, String name) {}

        record Metric(String type, ResourceMetric resource) {}

        record ResourceMetric(String name, Utilization target) {}

        record Utilization(String type, int averageUtilization) {}
    }

    record NetworkPolicy(String apiVersion, String kind, Metadata metadata, Spec spec) implements Manifest {

        record Spec(Expressions podSelector, List<String> policyTypes, List<Ingress> ingress) {}

        record Expressions(List<Expression> matchExpressions) {}

        record Expression(String key, String operator, List<String> values) {}

        record Ingress(List<Peer> from, List<PolicyPort> ports) {}

        record Peer(Selector podSelector) {}

        record PolicyPort(int port) {}
    }
}
