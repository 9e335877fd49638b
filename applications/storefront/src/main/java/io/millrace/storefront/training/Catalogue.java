package io.millrace.storefront.training;

import io.millrace.wire.Event;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The newest description, price, category and stock of each item. */
public final class Catalogue {

    private static final String LIST_PRICE = "list_price";

    private record Fact(Object value, Instant time) {}

    private final Map<Integer, Map<String, Fact>> facts = new HashMap<>();

    /** Takes what an {@code item} event says of the item, and the price of a purchase. */
    void learn(int item, Event event) {
        switch (event.type()) {
            case "item" -> {
                event.value().forEach((name, value) -> learn(item, name, value, event.time()));
                Object price = event.value().get("price");
                if (price != null) {
                    learn(item, LIST_PRICE, price, event.time());
                }
            }
            case "purchase" -> {
                Object price = event.value().get("price");
                if (price != null) {
                    learn(item, "price", price, event.time());
                }
            }
            default -> {}
        }
    }

    /** What an answer shows of an item and a filter can use; an item nothing is known of is in stock. */
    public Map<String, Object> payload(int item) {
        Map<String, Object> payload = new LinkedHashMap<>();
        for (String name : new String[] {"description", "price", "in_stock", "category"}) {
            Object value = value(item, name);
            if (value != null) {
                payload.put(name, value);
            }
        }
        payload.putIfAbsent("in_stock", true);
        return payload;
    }

    /** As the newest {@code item} event that has one says it. */
    Optional<String> description(int item) {
        return text(item, "description");
    }

    /** As the newest {@code item} event that has one says it. */
    Optional<String> category(int item) {
        return text(item, "category");
    }

    /** The price of the newest {@code item} event that has one; zero where none has. */
    float listPrice(int item) {
        return value(item, LIST_PRICE) instanceof Number price ? price.floatValue() : 0;
    }

    private Optional<String> text(int item, String name) {
        return value(item, name) instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    }

    private @Nullable Object value(int item, String name) {
        Fact fact = facts.getOrDefault(item, Map.of()).get(name);
        return fact == null ? null : fact.value();
    }

    private void learn(int item, String name, Object value, Instant time) {
        facts.computeIfAbsent(item, _ -> new HashMap<>(4))
                .merge(name, new Fact(value, time), (old, young) -> young.time().isBefore(old.time()) ? old : young);
    }
}
