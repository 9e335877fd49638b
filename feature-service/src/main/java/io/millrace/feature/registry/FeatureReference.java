package io.millrace.feature.registry;

import io.millrace.feature.aggregation.Aggregation;

/**
 * One feature of a view.
 *
 * @param index its place in the view
 */
public record FeatureReference(FeatureView view, int index) {

    /** Its definition. */
    public Aggregation feature() {
        return view.features().get(index);
    }

    /** Its name inside the view. */
    public String name() {
        return feature().name();
    }

    /** {@code view__feature}, Feast's full feature name. */
    public String fullName() {
        return view.name() + "__" + name();
    }
}
