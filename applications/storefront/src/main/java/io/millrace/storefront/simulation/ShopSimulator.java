package io.millrace.storefront.simulation;

import io.millrace.wire.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets simulated customers visit a simulated shop.
 *
 * <p>A visit has an intent: one of the categories, likelier the more the customer likes it. The customer looks at items
 * in proportion to {@code exp(liking)}, puts some in the basket and buys about half of those. Liking an item is agreement
 * with taste and intent, quality and fashion; the same seed gives the same shop.
 */
public final class ShopSimulator {

    private static final double INTENT_SHARPNESS = 2.0;
    private static final double TASTE_WEIGHT = 1.2;
    private static final double INTENT_WEIGHT = 0.9;
    private static final double MEAN_VIEWS = 9;
    private static final double BASKET_THRESHOLD = 8.0;
    private static final double BUY_FROM_BASKET = 0.55;

    private final ShopSize size;
    private final ShopTruth truth;
    private final Instant end;
    private final Random random;
    private final List<Event> events = new ArrayList<>();

    private ShopSimulator(ShopSize size, ShopTruth truth, Instant end) {
        this.size = size;
        this.truth = truth;
        this.end = end;
        this.random = new Random(truth.seed() + 1);
    }

    /** All events of a shop in the order of time; the last is just before {@code end}. */
    public static List<Event> simulate(ShopSize size, long seed, Instant end) {
        return new ShopSimulator(size, ShopTruth.draw(size, seed), end).run();
    }

    /** Writes what only the simulator and an evaluation may know. */
    public static void writeTruth(ShopSize size, long seed, Path file) throws IOException {
        Files.write(file, new JsonMapper().writeValueAsBytes(ShopTruth.draw(size, seed)));
    }

    private List<Event> run() {
        for (int item = 0; item < size.items(); item++) {
            launch(item);
        }
        for (int customer = 0; customer < size.customers(); customer++) {
            double arrival = truth.arrivals()[customer];
            double expected = size.sessions() * truth.rates()[customer] * (size.days() - arrival) / size.days();
            int visits = 1 + poisson(expected - 1);
            for (int visit = 0; visit < visits; visit++) {
                visit(customer, arrival + (size.days() - arrival) * random.nextDouble());
            }
        }
        events.sort(Comparator.comparing(Event::time).thenComparing(Event::id));
        return List.copyOf(events);
    }

    private void launch(int item) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("description", Wares.description(item, truth.categories()[item], truth.vectors()[item]));
        value.put("price", truth.prices()[item]);
        value.put("in_stock", true);
        value.put("category", Wares.category(truth.categories()[item]));
        add("item", truth.launches()[item], Map.of("item", itemId(item)), value);
    }

    private void visit(int customer, double day) {
        double[] intent = truth.centres()[intent(customer)];
        double[] liking = new double[size.items()];
        BitSet seen = new BitSet();
        for (int item = 0; item < liking.length; item++) {
            liking[item] = TASTE_WEIGHT * ShopTruth.agreement(truth.tastes()[customer], truth.vectors()[item])
                    + INTENT_WEIGHT * ShopTruth.agreement(intent, truth.vectors()[item])
                    + truth.qualities()[item]
                    + truth.trend(item, day);
            seen.set(item, truth.launches()[item] >= day);
        }
        List<Integer> basket = new ArrayList<>();
        double minute = 1.0 / (24 * 60);
        double now = day;
        int views = 1 + poisson(MEAN_VIEWS - 1);
        for (int view = 0; view < views && seen.cardinality() < liking.length; view++) {
            int item = choose(liking, seen);
            seen.set(item);
            act("view", customer, item, now, Map.of());
            if (random.nextDouble() < sigmoid(liking[item] - BASKET_THRESHOLD)) {
                act("basket", customer, item, now + 0.4 * minute, Map.of());
                basket.add(item);
            }
            now += minute * (0.5 + random.nextDouble());
        }
        for (int item : basket) {
            if (random.nextDouble() < BUY_FROM_BASKET) {
                long quantity = 1 + poisson(0.4);
                act("purchase", customer, item, now, Map.of("quantity", quantity, "price", truth.prices()[item]));
            }
        }
    }

    private int intent(int customer) {
        double[] likings = new double[Wares.CATEGORIES];
        for (int category = 0; category < likings.length; category++) {
            likings[category] =
                    INTENT_SHARPNESS * ShopTruth.agreement(truth.tastes()[customer], truth.centres()[category]);
        }
        return choose(likings, new BitSet());
    }

    /** One of those not excluded, in proportion to the exponential of its liking (the Gumbel trick). */
    private int choose(double[] likings, BitSet excluded) {
        int best = -1;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < likings.length; i++) {
            double noisy = likings[i] - Math.log(-Math.log(random.nextDouble() + 1e-300));
            if (!excluded.get(i) && noisy > most) {
                best = i;
                most = noisy;
            }
        }
        return best;
    }

    private void act(String type, int customer, int item, double day, Map<String, Object> value) {
        Map<String, String> entities = new LinkedHashMap<>();
        entities.put("customer", "c%04d".formatted(customer));
        entities.put("item", itemId(item));
        add(type, day, entities, value);
    }

    private void add(String type, double day, Map<String, String> entities, Map<String, Object> value) {
        Instant time = end.minus(Duration.ofDays(size.days()))
                .plusMillis((long) (day * Duration.ofDays(1).toMillis()));
        String id = "sim-%d-%06d".formatted(truth.seed(), events.size());
        events.add(new Event(id, type, time.isBefore(end) ? time : end.minusMillis(1), entities, null, value, null));
    }

    private static String itemId(int item) {
        return "i%04d".formatted(item);
    }

    private int poisson(double mean) {
        if (mean <= 0) {
            return 0;
        }
        double limit = Math.exp(-mean);
        int count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
