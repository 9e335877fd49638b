package io.millrace.feature.registry;

import java.util.List;

/** Features that one consumer reads together, in this order. */
public record FeatureService(String name, List<FeatureReference> features) {

    public FeatureService {
        features = List.copyOf(features);
    }
}
