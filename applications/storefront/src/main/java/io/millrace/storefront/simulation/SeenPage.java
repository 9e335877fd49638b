package io.millrace.storefront.simulation;

import io.millrace.wire.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A page and what became of it, as the events say.
 *
 * @param time when it was shown
 * @param items the first place first
 * @param clicked item numbers
 * @param bought item numbers, all of them also clicked
 */
public record SeenPage(Instant time, List<Integer> items, BitSet clicked, BitSet bought) {

    /** The pages of each customer by its id, in the order of time. Events of what was not shown are left out. */
    public static Map<String, List<SeenPage>> byCustomer(List<Event> events) {
        Map<String, List<SeenPage>> pages = new HashMap<>();
        for (Event event : events) {
            String customer = event.entities().get("customer");
            if (customer == null) {
                continue;
            }
            List<SeenPage> own = pages.computeIfAbsent(customer, _ -> new ArrayList<>());
            if (event.type().equals("impression") && event.value().get("items") instanceof String texts) {
                own.add(new SeenPage(event.time(), Page.items(texts), new BitSet(), new BitSet()));
            } else if (!own.isEmpty()) {
                own.getLast().happened(event);
            }
        }
        return pages;
    }

    private void happened(Event event) {
        String id = event.entities().get("item");
        if (id == null || !id.matches("i\\d+") || !items.contains(ShopTruth.number(id))) {
            return;
        }
        switch (event.type()) {
            case "view" -> clicked.set(ShopTruth.number(id));
            case "purchase" -> bought.set(ShopTruth.number(id));
            default -> {}
        }
    }
}
