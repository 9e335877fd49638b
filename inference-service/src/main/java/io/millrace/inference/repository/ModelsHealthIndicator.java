package io.millrace.inference.repository;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up when everything that lay in the repository at the start is loaded or refused; refused models do not take it down. */
final class ModelsHealthIndicator implements HealthIndicator {

    private final ModelRepository repository;

    ModelsHealthIndicator(ModelRepository repository) {
        this.repository = repository;
    }

    @Override
    public Health health() {
        Map<String, Object> models = new TreeMap<>();
        for (ModelVersions versions : repository.models()) {
            Map<String, String> states = new TreeMap<>();
            versions.serving().keySet().forEach(version -> states.put(version.toString(), "ready"));
            versions.refused().forEach((version, refusal) -> states.put(version.toString(), refusal.reason()));
            models.put(versions.model(), states);
        }
        return (repository.isScanned() ? Health.up() : Health.outOfService())
                .withDetails(models)
                .build();
    }
}
