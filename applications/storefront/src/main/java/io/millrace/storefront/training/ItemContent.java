package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is told of the items before anybody has seen them: the words of their descriptions, their categories and their list
 * prices. Whoever gets arrays must not change them.
 */
final class ItemContent {

    private final Vocabulary items;
    private final List<String> descriptions = new ArrayList<>();
    private final List<String> categories = new ArrayList<>();
    private final float[] prices;
    private final ItemWords words;
    private final Vocabulary categoryNames = new Vocabulary();
    private final long[] categoryPlaces;
    private final PriceScale scale;
    private final float[] priceWeights;

    private ItemContent(Vocabulary items, Catalogue catalogue) {
        this.items = items;
        int size = items.size();
        prices = new float[size];
        categoryPlaces = new long[size + 1];
        for (int item = 0; item < size; item++) {
            descriptions.add(catalogue.description(item).orElse(""));
            Optional<String> category = catalogue.category(item);
            categories.add(category.orElse(""));
            categoryPlaces[item + 1] =
                    category.map(name -> categoryNames.add(name) + 1).orElse(0);
            prices[item] = catalogue.listPrice(item);
        }
        words = ItemWords.of(descriptions);
        scale = PriceScale.of(prices);
        priceWeights = new float[(size + 1) * PriceScale.KNOTS];
        for (int item = 0; item < size; item++) {
            System.arraycopy(
                    scale.weights(prices[item]), 0, priceWeights, (item + 1) * PriceScale.KNOTS, PriceScale.KNOTS);
        }
    }

    static ItemContent of(InteractionLog log) {
        return new ItemContent(log.items(), log.catalogue());
    }

    Vocabulary items() {
        return items;
    }

    /** All items as the served item tower gets them: what each of its inputs is given, one row for each item. */
    Map<String, Object> inputs() {
        float[][] numbers = new float[prices.length][];
        for (int item = 0; item < prices.length; item++) {
            numbers[item] = new float[] {prices[item]};
        }
        return Map.of(
                "id",
                rows(items.ids()),
                "description",
                rows(descriptions),
                "category",
                rows(categories),
                "price",
                numbers);
    }

    private static String[][] rows(List<String> texts) {
        return texts.stream().map(text -> new String[] {text}).toArray(String[][]::new);
    }

    ItemWords words() {
        return words;
    }

    /** The categories that items have. */
    Vocabulary categoryNames() {
        return categoryNames;
    }

    /** The category of each item, counted from one, zero where there is none; the first is that of padding. */
    long[] categoryPlaces() {
        return categoryPlaces;
    }

    PriceScale scale() {
        return scale;
    }

    /** {@link PriceScale#KNOTS} numbers for each item; the first are those of padding. */
    float[] priceWeights() {
        return priceWeights;
    }
}
