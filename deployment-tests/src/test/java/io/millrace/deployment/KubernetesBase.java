package io.millrace.deployment;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The manifests in {@code k8s/base}, those that its kustomization names.
 *
 * @param manifests in the order of the files
 */
record KubernetesBase(List<Manifest> manifests) {

    static final String FOLDER = "k8s/base";

    private static final Map<String, Class<? extends Manifest>> KINDS = Map.ofEntries(
            Map.entry("v1 Namespace", Manifest.Namespace.class),
            Map.entry("v1 ConfigMap", Manifest.ConfigMap.class),
            Map.entry("v1 Service", Manifest.Service.class),
            Map.entry("v1 PersistentVolumeClaim", Manifest.PersistentVolumeClaim.class),
            Map.entry("apps/v1 Deployment", Manifest.Deployment.class),
            Map.entry("apps/v1 StatefulSet", Manifest.StatefulSet.class),
            Map.entry("batch/v1 Job", Manifest.Job.class),
            Map.entry("policy/v1 PodDisruptionBudget", Manifest.PodDisruptionBudget.class),
            Map.entry("autoscaling/v2 HorizontalPodAutoscaler", Manifest.HorizontalPodAutoscaler.class),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", Manifest.NetworkPolicy.class));

    record Kustomization(String apiVersion, String kind, String namespace, List<String> resources) {}

    static Kustomization kustomization() {
        return StrictFile.yaml(FOLDER + "/kustomization.yaml", Kustomization.class);
    }

    static KubernetesBase read() {
        return new KubernetesBase(kustomization().resources().stream()
                .flatMap(file -> parse(StrictFile.text(FOLDER + "/" + file)))
                .toList());
    }

    static Stream<Manifest> parse(String text) {
        return StrictFile.documents(text).stream().map(KubernetesBase::manifest);
    }

    private static Manifest manifest(Object document) {
        var fields = (Map<?, ?>) document;
        String kind = fields.get("apiVersion") + " " + fields.get("kind");
        Class<? extends Manifest> type = KINDS.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("no model of " + kind);
        }
        return StrictFile.STRICT.convertValue(document, type);
    }

    <T extends Manifest> List<T> all(Class<T> type) {
        return manifests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends Manifest> T named(Class<T> type, String name) {
        return all(type).stream()
                .filter(each -> each.metadata().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + type.getSimpleName() + " " + name));
    }
}
