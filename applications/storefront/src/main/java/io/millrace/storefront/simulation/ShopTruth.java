package io.millrace.storefront.simulation;

import io.millrace.wire.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/**
 * What no program but the simulator and the evaluation may know.
 *
 * <p>Customers and items are points in a space of eight tastes. Items crowd around the centres of twelve categories.
 * Whoever holds the arrays must not change them.
 *
 * @param seed of all random numbers
 * @param size of the shop
 * @param beginMillis the first day, in milliseconds since 1970
 * @param centres one for each category
 * @param states each customer's lasting state, at the end of the simulated time
 * @param vectors one for each item
 * @param categories of the items
 * @param descriptions of the items, with words that hint at their vectors
 * @param filedUnder the category each item is sold under, now and then a wrong one
 * @param qualities how much everybody likes each item
 * @param ratings what the shop itself thinks of an item, near its quality: what it shows more often
 * @param prices in pounds
 * @param launches the day from which each item is sold
 * @param trendPhases where each item is in its ups and downs on the first day, in radians
 */
public record ShopTruth(
        long seed,
        ShopSize size,
        long beginMillis,
        double[][] centres,
        double[][] states,
        double[][] vectors,
        int[] categories,
        String[] descriptions,
        int[] filedUnder,
        double[] qualities,
        double[] ratings,
        double[] prices,
        double[] launches,
        double[] trendPhases) {

    static final int TASTES = 8;

    private static final String FILE = "shop.json";
    private static final double NEW_ITEMS = 0.2;
    private static final double MISFILED = 0.05;

    /** A shop whose customers have the states they begin with. */
    static ShopTruth draw(ShopSize size, long seed, Instant end) {
        Random random = new Random(seed);
        double[][] centres = new double[Wares.CATEGORIES][];
        for (int category = 0; category < centres.length; category++) {
            centres[category] = ofUnitVariance(gaussian(random));
        }
        int items = size.items();
        double[][] vectors = new double[items][];
        int[] categories = new int[items];
        String[] descriptions = new String[items];
        int[] filedUnder = new int[items];
        double[] qualities = new double[items];
        double[] ratings = new double[items];
        double[] prices = new double[items];
        double[] launches = new double[items];
        double[] trendPhases = new double[items];
        for (int item = 0; item < items; item++) {
            categories[item] = random.nextInt(Wares.CATEGORIES);
            vectors[item] = mix(centres[categories[item]], 0.85, gaussian(random), 0.5);
            filedUnder[item] = random.nextDouble() < MISFILED ? random.nextInt(Wares.CATEGORIES) : categories[item];
            descriptions[item] = Wares.describe(filedUnder[item], vectors[item], random);
            qualities[item] = random.nextGaussian();
            ratings[item] = 0.8 * qualities[item] + 0.6 * random.nextGaussian();
            double logPrice = 1.3 + 0.3 * vectors[item][0] + 0.5 * random.nextGaussian();
            prices[item] = Math.max(0.05, Math.round(100 * Math.exp(logPrice)) / 100.0);
            launches[item] = random.nextDouble() < NEW_ITEMS ? size.days() * random.nextDouble() : 0;
            trendPhases[item] = 2 * Math.PI * random.nextDouble();
        }
        double[][] states = new double[size.customers()][];
        for (int customer = 0; customer < states.length; customer++) {
            states[customer] = ClickLaw.draw(random);
        }
        return new ShopTruth(
                seed,
                size,
                end.minus(Duration.ofDays(size.days())).toEpochMilli(),
                centres,
                states,
                vectors,
                categories,
                descriptions,
                filedUnder,
                qualities,
                ratings,
                prices,
                launches,
                trendPhases);
    }

    /** Reads what {@link #write} wrote. */
    public static ShopTruth read(Path folder) throws IOException {
        return new JsonMapper().readValue(Files.readAllBytes(folder.resolve(FILE)), ShopTruth.class);
    }

    /** Writes it into a folder of its own. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(FILE), new JsonMapper().writeValueAsBytes(this));
    }

    /** The customer's id in events. */
    public static String customerId(int customer) {
        return "c%04d".formatted(customer);
    }

    /** The item's id in events. */
    public static String itemId(int item) {
        return "i%04d".formatted(item);
    }

    /** The number in an id of {@link #customerId} or {@link #itemId}. */
    public static int number(String id) {
        return Integer.parseInt(id.substring(1));
    }

    /** How many days after the beginning a moment is. */
    public double day(Instant moment) {
        return (moment.toEpochMilli() - beginMillis)
                / (double) Duration.ofDays(1).toMillis();
    }

    /** The moment so many days after the beginning. */
    Instant moment(double day) {
        return Instant.ofEpochMilli(
                beginMillis + (long) (day * Duration.ofDays(1).toMillis()));
    }

    /** The first event of an item that the shop has never had; out of stock, so that no answer shows it. */
    public Event unheardOf(Instant now) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("description", descriptions[0]);
        value.put("price", prices[0]);
        value.put("in_stock", false);
        value.put("category", Wares.category(filedUnder[0]));
        String id = "new-" + now.toEpochMilli();
        return new Event(id, "item", now, Map.of("item", id), null, value, null);
    }

    double logPrice(int item) {
        return Math.log(prices[item]);
    }

    /** How much of an item's attraction is fashion on a day; it comes and goes in five weeks. */
    double trend(int item, double day) {
        return Math.sin(trendPhases[item] + 2 * Math.PI * day / 35);
    }

    /** How well two points agree: the inner product of their tastes over the root of their number. */
    static double agreement(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < TASTES; i++) {
            sum += a[i] * b[i];
        }
        return sum / Math.sqrt(TASTES);
    }

    private static double[] gaussian(Random random) {
        double[] vector = new double[TASTES];
        for (int i = 0; i < TASTES; i++) {
            vector[i] = random.nextGaussian();
        }
        return vector;
    }

    /** The same direction with a mean square of one, so that every category can be as strong an intent as the others. */
    private static double[] ofUnitVariance(double[] vector) {
        double square = 0;
        for (double one : vector) {
            square += one * one / TASTES;
        }
        double factor = 1 / Math.sqrt(square);
        return mix(vector, factor, vector, 0);
    }

    private static double[] mix(double[] a, double weightA, double[] b, double weightB) {
        double[] sum = new double[TASTES];
        for (int i = 0; i < TASTES; i++) {
            sum[i] = weightA * a[i] + weightB * b[i];
        }
        return sum;
    }
}
