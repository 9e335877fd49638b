package io.millrace.storefront.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Items shown together, the first place first.
 *
 * @param items their numbers
 * @param propensities how probable it was, for each place, that it showed this item given the places before it; empty
 *     where the system under test decided
 */
public record Page(List<Integer> items, List<Double> propensities) {

    public Page {
        items = List.copyOf(items);
        propensities = List.copyOf(propensities);
    }

    /** As an impression event says it: ids with spaces between them. */
    String itemTexts() {
        return String.join(" ", items.stream().map(ShopTruth::itemId).toList());
    }

    /** Propensities with four digits, with spaces between them. */
    String propensityTexts() {
        return String.join(
                " ",
                propensities.stream()
                        .map(one -> String.format(Locale.ROOT, "%.4g", one))
                        .toList());
    }

    /** The items of an impression event. */
    static List<Integer> items(String texts) {
        List<Integer> items = new ArrayList<>();
        for (String id : texts.split(" ", -1)) {
            items.add(ShopTruth.number(id));
        }
        return items;
    }
}
