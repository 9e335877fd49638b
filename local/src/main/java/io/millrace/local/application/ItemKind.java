package io.millrace.local.application;

import io.millrace.local.application.Predictions.Item;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Items that a customer may look at together: those that share a word of their description.
 *
 * @param word what they share; empty where no two share one
 * @param items at least one, the best ranked first
 */
record ItemKind(String word, List<Item> items) {

    private static final int SHORTEST_WORD = 4;

    ItemKind {
        items = List.copyOf(items);
    }

    /** The kind that most items are of; by rank where two are equal. The items may not be empty. */
    static ItemKind mostCommon(List<Item> items) {
        var kinds = new LinkedHashMap<String, List<Item>>();
        for (Item item : items) {
            words(item)
                    .forEach(word ->
                            kinds.computeIfAbsent(word, _ -> new ArrayList<>()).add(item));
        }
        return kinds.entrySet().stream()
                .filter(kind -> kind.getValue().size() > 1)
                .max(Comparator.comparingInt(
                        (Map.Entry<String, List<Item>> kind) -> kind.getValue().size()))
                .map(kind -> new ItemKind(kind.getKey(), kind.getValue()))
                .orElseGet(() -> new ItemKind("", items));
    }

    private static Stream<String> words(Item item) {
        return Stream.of(item.description().toLowerCase(Locale.ROOT).split("[^\\p{L}]+"))
                .filter(word -> word.length() >= SHORTEST_WORD)
                .distinct();
    }
}
