package io.millrace.storefront.simulation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

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

    /** For each taste the words for much of it and the words for little. */
    private static final String[][][] WORDS = {
        {{"red", "scarlet", "crimson"}, {"blue", "navy", "teal"}},
        {{"vintage", "antique", "retro"}, {"modern", "nordic", "sleek"}},
        {{"large", "giant", "jumbo"}, {"small", "mini", "tiny"}},
        {{"floral", "rose", "leafy"}, {"striped", "checked", "dotted"}},
        {{"rustic", "rough", "oak"}, {"polished", "chrome", "glass"}},
        {{"bright", "neon", "sunny"}, {"pale", "pastel", "misty"}},
        {{"woven", "knitted", "felt"}, {"painted", "printed", "enamel"}},
        {{"festive", "party", "birthday"}, {"plain", "everyday", "basic"}}
    };

    private static final int WORDS_PER_ITEM = 6;
    private static final double SHARPNESS = 1.3;

    static final int CATEGORIES = NAMES.size();

    private Wares() {}

    static String category(int category) {
        return NAMES.get(category);
    }

    /** Words drawn by the item's tastes, the stronger the likelier, then what it is. */
    static String describe(int category, double[] vector, Random random) {
        Set<String> words = new LinkedHashSet<>();
        while (words.size() < WORDS_PER_ITEM) {
            double[] shares = new double[2 * vector.length];
            double sum = 0;
            for (int i = 0; i < shares.length; i++) {
                shares[i] = Math.exp(SHARPNESS * (i % 2 == 0 ? 1 : -1) * vector[i / 2]);
                sum += shares[i];
            }
            for (int i = 0; i < shares.length; i++) {
                shares[i] /= sum;
            }
            int chosen = ClickLaw.choose(shares, random);
            String[] alike = WORDS[chosen / 2][chosen % 2];
            words.add(alike[random.nextInt(alike.length)]);
        }
        List<String> things = THINGS.get(category);
        return String.join(" ", words) + " " + things.get(random.nextInt(things.size()));
    }
}
