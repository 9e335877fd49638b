package io.millrace.storefront.simulation;

import java.util.List;

/** Names for what the simulated shop sells; an item's words hint at its tastes. */
final class Wares {

    private static final List<String> NAMES = List.of(
            "kitchen",
            "garden",
            "lighting",
            "stationery",
            "toys",
            "textiles",
            "candles",
            "bags",
            "jewellery",
            "clocks",
            "baskets",
            "ceramics");

    private static final List<List<String>> THINGS = List.of(
            List.of("mixing bowl", "cake stand", "tea towel"),
            List.of("watering can", "bird feeder", "plant pot"),
            List.of("table lamp", "lantern", "string lights"),
            List.of("notebook", "pencil set", "gift wrap"),
            List.of("wooden train", "doll", "puzzle"),
            List.of("cushion", "throw", "tablecloth"),
            List.of("pillar candle", "tea lights", "candle holder"),
            List.of("shopper", "lunch bag", "purse"),
            List.of("necklace", "bracelet", "brooch"),
            List.of("wall clock", "alarm clock", "timer"),
            List.of("bread basket", "storage box", "hamper"),
            List.of("mug", "plate", "vase"));

    /** For each taste the word for much of it and the word for little. */
    private static final String[][] WORDS = {
        {"red", "blue"},
        {"vintage", "modern"},
        {"large", "small"},
        {"floral", "striped"},
        {"rustic", "polished"},
        {"bright", "pale"},
        {"woven", "painted"},
        {"festive", "plain"}
    };

    static final int CATEGORIES = NAMES.size();

    private Wares() {}

    static String category(int category) {
        return NAMES.get(category);
    }

    /** Two words for the item's strongest tastes, then what it is. */
    static String description(int item, int category, double[] vector) {
        int strongest = strongest(vector, -1);
        int next = strongest(vector, strongest);
        List<String> things = THINGS.get(category);
        return "%s %s %s".formatted(word(vector, strongest), word(vector, next), things.get(item % things.size()));
    }

    private static String word(double[] vector, int taste) {
        return WORDS[taste][vector[taste] > 0 ? 0 : 1];
    }

    private static int strongest(double[] vector, int except) {
        int strongest = -1;
        for (int taste = 0; taste < vector.length; taste++) {
            if (taste != except && (strongest < 0 || Math.abs(vector[taste]) > Math.abs(vector[strongest]))) {
                strongest = taste;
            }
        }
        return strongest;
    }
}
