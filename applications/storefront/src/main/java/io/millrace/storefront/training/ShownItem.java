package io.millrace.storefront.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An item as it is found and shown. Whoever holds it must not change the vector.
 *
 * @param id its id
 * @param vector where it is in the space of the towers
 * @param score how well it fits a customer of whom nothing is known, on the scale of retrieval
 * @param payload description, price, in_stock, category
 */
public record ShownItem(String id, float[] vector, float score, Map<String, Object> payload) {

    public ShownItem {
        payload = Collections.unmodifiableMap(new LinkedHashMap<>(payload));
    }
}
