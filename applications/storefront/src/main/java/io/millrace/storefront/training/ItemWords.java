package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words of the items' descriptions and categories, numbered from one; what items share in words they can share in
 * what is learnt. A word that only one or two items have tells nothing of others and has no number.
 */
final class ItemWords {

    /** At most so many words of an item count. */
    static final int PER_ITEM = 12;

    private static final int LEAST_ITEMS = 3;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}]+");

    private final long[] places;
    private final int size;

    private ItemWords(long[] places, int size) {
        this.places = places;
        this.size = size;
    }

    static ItemWords of(InteractionLog log) {
        List<Set<String>> words = new ArrayList<>();
        Map<String, Integer> frequencies = new HashMap<>();
        for (int item = 0; item < log.items().size(); item++) {
            Set<String> ofItem = words(log.catalogue().payload(item));
            ofItem.forEach(word -> frequencies.merge(word, 1, Integer::sum));
            words.add(ofItem);
        }
        Map<String, Integer> numbers = new HashMap<>();
        long[] places = new long[(words.size() + 1) * PER_ITEM];
        for (int item = 0; item < words.size(); item++) {
            int next = (item + 1) * PER_ITEM;
            for (String word : words.get(item)) {
                if (frequencies.getOrDefault(word, 0) >= LEAST_ITEMS && next < (item + 2) * PER_ITEM) {
                    Integer known = numbers.putIfAbsent(word, numbers.size() + 1);
                    places[next++] = known == null ? numbers.size() : known;
                }
            }
        }
        return new ItemWords(places, numbers.size());
    }

    /** How many words have a number. */
    int size() {
        return size;
    }

    /**
     * The numbers of each item's words, {@link #PER_ITEM} for each, zero where there are fewer. The first row is that of
     * padding; the item with number i has row i + 1. Whoever gets the array must not change it.
     */
    long[] places() {
        return places;
    }

    private static Set<String> words(Map<String, Object> payload) {
        String text = payload.getOrDefault("description", "") + " " + payload.getOrDefault("category", "");
        Set<String> words = new LinkedHashSet<>();
        for (String word : BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT))) {
            if (word.length() > 1) {
                words.add(word);
            }
        }
        return words;
    }
}
