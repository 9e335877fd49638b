package io.millrace.feature.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.millrace.feature.FeatureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All entities, feature views and feature services of a tenant's project. Never changes; a new version replaces it whole.
 *
 * @param version counts from 1 in the order of change
 * @param text the YAML that was sent
 */
public record Definitions(
        String tenant,
        String project,
        int version,
        String text,
        List<Entity> entities,
        List<FeatureView> views,
        List<FeatureService> services) {

    private static final String STATE_FORMAT = "2"; // another one when the stream's bytes change

    public Definitions {
        entities = List.copyOf(entities);
        views = List.copyOf(views);
        services = List.copyOf(services);
    }

    /** The content's hash, SHA-256 in hex: the same text is the same definitions. */
    public String hash() {
        return hash(text);
    }

    static String hash(String text) {
        return Hashing.sha256().hashString(text, UTF_8).toString();
    }

    /** A hash of what the stream's state depends on: a changed comment or feature service keeps it, a changed window not. */
    public String streamHash() {
        return Hashing.sha256()
                .hashString(STATE_FORMAT + tenant + views, UTF_8)
                .toString()
                .substring(0, 12);
    }

    /** The entity with this name. */
    public Optional<Entity> entity(String name) {
        return entities.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** The view with this name. */
    public Optional<FeatureView> view(String name) {
        return views.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /**
     * The features of a feature service.
     *
     * @throws FeatureException.UnknownFeature if there is no such service
     */
    public List<FeatureReference> service(String name) {
        return services.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new FeatureException.UnknownFeature("there is no feature service " + name))
                .features();
    }

    /**
     * The features that these name, each as {@code view:feature}, or {@code view:*} for all of a view.
     *
     * @throws FeatureException.UnknownFeature if one names none
     */
    public List<FeatureReference> features(List<String> references) {
        List<FeatureReference> features = new ArrayList<>();
        for (String reference : references) {
            List<FeatureReference> found = features(reference);
            if (found.isEmpty()) {
                throw new FeatureException.UnknownFeature(
                        "there is no feature " + reference + "; write view:feature, or view:* for all of a view");
            }
            features.addAll(found);
        }
        return features;
    }

    private List<FeatureReference> features(String reference) {
        return features(views, reference);
    }

    static List<FeatureReference> features(List<FeatureView> views, String reference) {
        int colon = reference.indexOf(':');
        if (colon < 0) {
            return List.of();
        }
        String viewName = reference.substring(0, colon);
        String feature = reference.substring(colon + 1);
        List<FeatureReference> found = new ArrayList<>();
        for (FeatureView view : views) {
            for (int i = 0; i < view.features().size() && view.name().equals(viewName); i++) {
                if (feature.equals("*") || feature.equals(view.features().get(i).name())) {
                    found.add(new FeatureReference(view, i));
                }
            }
        }
        return found;
    }
}
