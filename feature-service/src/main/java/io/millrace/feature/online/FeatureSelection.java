package io.millrace.feature.online;

import io.millrace.feature.registry.Definitions;
import io.millrace.feature.registry.FeatureReference;
import java.util.List;

/** Which features a request wants. */
public sealed interface FeatureSelection {

    /** Those of a feature service. */
    record Service(String name) implements FeatureSelection {}

    /** Those of a list, each as {@code view:feature} or {@code view:*}. */
    record Listed(List<String> references) implements FeatureSelection {
        public Listed {
            references = List.copyOf(references);
        }
    }

    /** The features themselves, by these definitions. */
    default List<FeatureReference> in(Definitions definitions) {
        return switch (this) {
            case Service service -> definitions.service(service.name());
            case Listed listed -> definitions.features(listed.references());
        };
    }
}
