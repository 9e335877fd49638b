package io.millrace.storefront.simulation;

import io.millrace.wire.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Lets simulated customers visit a simulated shop by {@link ClickLaw}. The same seed gives the same shop, and each
 * customer has random numbers of its own.
 */
public final class ShopSimulator {

    private static final double MEAN_PAGES = 5;
    private static final double NEW_CUSTOMERS = 0.3;
    private static final double VISIT_DAYS = 0.05; // no visit of a customer begins within another

    private final ShopTruth truth;
    private final LoggingPolicy policy;
    private final List<Event> events = new ArrayList<>();

    private ShopSimulator(ShopTruth truth) {
        this.truth = truth;
        this.policy = new LoggingPolicy(truth);
    }

    /**
     * A shop and all that happened in it.
     *
     * @param truth with the customers' states at the end
     * @param events in the order of time, the last before the end
     */
    public record SimulatedShop(ShopTruth truth, List<Event> events) {

        public SimulatedShop {
            events = List.copyOf(events);
        }
    }

    /** Simulates a shop until {@code end}. */
    public static SimulatedShop simulate(ShopSize size, long seed, Instant end) {
        return new ShopSimulator(ShopTruth.draw(size, seed, end)).run(end);
    }

    private SimulatedShop run(Instant end) {
        for (int item = 0; item < truth.size().items(); item++) {
            events.add(launch(truth, item));
        }
        for (int customer = 0; customer < truth.size().customers(); customer++) {
            live(customer, new Random(31 * truth.seed() + 7_919L * (customer + 1)));
        }
        events.removeIf(event -> !event.time().isBefore(end));
        events.sort(Comparator.comparing(Event::time).thenComparing(Event::id));
        return new SimulatedShop(truth, events);
    }

    /** The event by which an item becomes known. */
    static Event launch(ShopTruth truth, int item) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("description", truth.descriptions()[item]);
        value.put("price", truth.prices()[item]);
        value.put("in_stock", true);
        value.put("category", Wares.category(truth.filedUnder()[item]));
        String id = "sim-%d-i%d".formatted(truth.seed(), item);
        Map<String, String> entities = Map.of("item", ShopTruth.itemId(item));
        return new Event(id, "item", truth.moment(truth.launches()[item]), entities, null, value, null);
    }

    /** All of a customer's visits; its state in the truth is moved on to the end. */
    private void live(int customer, Random random) {
        int days = truth.size().days();
        double arrival = random.nextDouble() < NEW_CUSTOMERS ? days * random.nextDouble() : 0;
        double rate = Math.exp(0.6 * random.nextGaussian() - 0.18);
        double[] times = new double[1 + poisson(truth.size().visits() * rate * (days - arrival) / days, random)];
        for (int visit = 0; visit < times.length; visit++) {
            times[visit] = arrival + (days - arrival) * random.nextDouble();
        }
        Arrays.sort(times);
        double[] state = truth.states()[customer];
        double last = Double.NEGATIVE_INFINITY;
        double now = arrival;
        for (int visit = 0; visit < times.length; visit++) {
            if (times[visit] - last >= VISIT_DAYS) {
                last = times[visit];
                ClickLaw.wander(state, last - now, random);
                now = last;
                visit(customer, state, last, visit, random);
            }
        }
        ClickLaw.wander(state, days - now, random);
    }

    private void visit(int customer, double[] state, double day, int number, Random random) {
        String id = "sim-%d-c%d-%d".formatted(truth.seed(), customer, number);
        Visit visit = new Visit(truth, customer, state, id, random);
        int pages = 1 + poisson(MEAN_PAGES - 1, random);
        Instant time = truth.moment(day);
        for (int page = 0; page < pages; page++) {
            events.addAll(visit.show(policy.next(day, visit.shown(), random), time));
            time = time.plus(Visit.PAGE_TIME);
        }
    }

    static int poisson(double mean, Random random) {
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
}
