package io.millrace.storefront.simulation;

import io.millrace.wire.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Customers who visit the shop now and are looked at in the middle of it, after three pages or more: some of those the shop
 * knows, and some who were never there before.
 */
public final class Panel {

    /** More particles change no figure of a report by more than 0.003. */
    private static final int PARTICLES = 1_000;

    private static final double MORE_PAGES = 1.5;

    private final ShopTruth truth;
    private final CustomerBelief.Likings likings;
    private final LoggingPolicy policy;
    private final Map<String, List<SeenPage>> history;
    private final Instant now;

    private Panel(ShopTruth truth, List<Event> history, Instant now) {
        this.truth = truth;
        this.likings = new CustomerBelief.Likings(truth);
        this.policy = new LoggingPolicy(truth);
        this.history = SeenPage.byCustomer(history);
        this.now = now;
    }

    /**
     * Lets customers visit.
     *
     * @param history all events so far, in the order of time
     * @param known how many of those with a history
     * @param fresh how many others
     * @param seed of what happens; their visits have other ids with another one
     */
    public static List<Moment> visit(
            ShopTruth truth, List<Event> history, Instant now, int known, int fresh, long seed) {
        Panel panel = new Panel(truth, history, now);
        List<Integer> customers = new ArrayList<>(IntStream.range(0, truth.states().length)
                .filter(panel::canVisit)
                .boxed()
                .toList());
        Collections.shuffle(customers, new Random(seed));
        // numbers that no customer of the shop has, nor a fresh one of another panel
        int first = 1_000_000 + (int) Math.floorMod(seed, 1_000_000L) * 1_000;
        return IntStream.range(0, Math.min(known, customers.size()) + fresh)
                .parallel()
                .mapToObj(i -> i < fresh
                        ? panel.moment(first + i, true, seed)
                        : panel.moment(customers.get(i - fresh), false, seed))
                .collect(Collectors.toList());
    }

    /** Whether the customer was there before, and not a moment ago, which would be the same visit. */
    private boolean canVisit(int customer) {
        List<SeenPage> pages = history.getOrDefault(ShopTruth.customerId(customer), List.of());
        return !pages.isEmpty()
                && pages.getLast().time().isBefore(now.minus(CustomerBelief.VISIT_PAUSE.multipliedBy(2)));
    }

    private Moment moment(int customer, boolean fresh, long seed) {
        Random random = new Random(seed * 1_000_003 + customer);
        double[] state = fresh ? ClickLaw.draw(random) : truth.states()[customer];
        CustomerBelief belief = new CustomerBelief(truth, likings, PARTICLES, random);
        List<SeenPage> earlier = history.getOrDefault(ShopTruth.customerId(customer), List.of());
        earlier.forEach(belief::observe);
        double[] before = belief.probabilities(now);

        Visit visit = new Visit(truth, customer, state, "panel-%d-%d".formatted(seed, customer), random);
        int pages = 3 + ShopSimulator.poisson(MORE_PAGES, random);
        List<Event> events = new ArrayList<>();
        for (int page = 0; page < pages; page++) {
            Instant time = now.minus(Visit.PAGE_TIME.multipliedBy(pages - page));
            events.addAll(visit.show(policy.next(truth.day(time), visit.shown(), random), time));
        }
        SeenPage.byCustomer(events).values().forEach(seen -> seen.forEach(belief::observe));
        return new Moment(
                customer,
                fresh,
                now,
                events,
                visit.clicked(),
                visit.probabilities(now),
                belief.probabilities(now),
                before);
    }
}
