package io.millrace.storefront.simulation;

import io.millrace.wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A customer's visit as it goes on: page after page is shown, and what it does follows {@link ClickLaw}. Its intent and the
 * true probabilities are what a system under test tries to guess.
 */
public final class Visit {

    /** How long a customer takes for a page. */
    public static final Duration PAGE_TIME = Duration.ofSeconds(120);

    /** How long it looks at each place of a page. */
    private static final Duration LOOK = Duration.ofSeconds(4);

    private final ShopTruth truth;
    private final int customer;
    private final double[] state;
    private final String id;
    private final Random random;
    private final BitSet shown = new BitSet();
    private final BitSet clicked = new BitSet();
    private int intent;
    private int pages;
    private int acts;

    /**
     * Begins a visit.
     *
     * @param state the customer's lasting state
     * @param id what the ids of its events begin with
     */
    Visit(ShopTruth truth, int customer, double[] state, String id, Random random) {
        this.truth = truth;
        this.customer = customer;
        this.state = state.clone();
        this.id = id;
        this.random = random;
        this.intent = ClickLaw.choose(ClickLaw.intents(truth, state), random);
    }

    /** A visit of one of the shop's customers, or of somebody new where the number is not one of theirs. */
    public static Visit of(ShopTruth truth, int customer, String id, Random random) {
        boolean known = customer < truth.states().length;
        return new Visit(truth, customer, known ? truth.states()[customer] : ClickLaw.draw(random), id, random);
    }

    public int customer() {
        return customer;
    }

    /** What has been shown in this visit. The policy adds to it. */
    BitSet shown() {
        return shown;
    }

    /** What has been clicked in this visit, by number. */
    public BitSet clicked() {
        return (BitSet) clicked.clone();
    }

    /** Shows a page and returns what the shop sees of it: the impression, clicks as {@code view} events, purchases. */
    public List<Event> show(Page page, Instant time) {
        return show(page, time, LOOK, null);
    }

    /**
     * Shows a page that a system has answered.
     *
     * @param look how long the customer looks at each place
     * @param prediction the answer's id
     */
    public List<Event> show(Page page, Instant time, Duration look, @Nullable String prediction) {
        if (pages++ > 0 && random.nextDouble() < ClickLaw.JUMP) {
            intent = ClickLaw.choose(ClickLaw.intents(truth, state), random);
        }
        List<Event> events = new ArrayList<>();
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("items", page.itemTexts());
        if (!page.propensities().isEmpty()) {
            value.put("propensities", page.propensityTexts());
        }
        events.add(event("impression", time, Map.of("customer", ShopTruth.customerId(customer)), value, prediction));
        Instant now = time;
        for (int place = 0; place < page.items().size(); place++) {
            int item = page.items().get(place);
            shown.set(item);
            now = now.plus(look);
            double attraction = attraction(item, truth.day(time));
            if (random.nextDouble() < ClickLaw.examined(place) * ClickLaw.click(attraction)) {
                clicked.set(item);
                events.add(event("view", now, who(item), Map.of(), prediction));
                if (random.nextDouble() < ClickLaw.buy(attraction)) {
                    Map<String, Object> sale = new LinkedHashMap<>();
                    sale.put("quantity", 1L);
                    sale.put("price", truth.prices()[item]);
                    events.add(event("purchase", now.plus(look.dividedBy(2)), who(item), sale, prediction));
                }
            }
        }
        return events;
    }

    /** The true probability that the customer clicks an item at the first place, zero for items not yet sold. */
    public double[] probabilities(Instant time) {
        double day = truth.day(time);
        double[] probabilities = new double[truth.vectors().length];
        for (int item = 0; item < probabilities.length; item++) {
            probabilities[item] = truth.launches()[item] <= day ? ClickLaw.click(attraction(item, day)) : 0;
        }
        return probabilities;
    }

    private double attraction(int item, double day) {
        return ClickLaw.common(truth, item, day)
                + ClickLaw.lasting(truth, state, item)
                + ClickLaw.passing(truth, intent, item);
    }

    private Map<String, String> who(int item) {
        Map<String, String> entities = new LinkedHashMap<>();
        entities.put("customer", ShopTruth.customerId(customer));
        entities.put("item", ShopTruth.itemId(item));
        return entities;
    }

    private Event event(
            String type,
            Instant time,
            Map<String, String> entities,
            Map<String, Object> value,
            @Nullable String prediction) {
        return new Event("%s-%d".formatted(id, acts++), type, time, entities, prediction, value, null);
    }
}
