package io.millrace.storefront.evaluation;

import io.millrace.storefront.gateway.EventUpload;
import io.millrace.storefront.gateway.Gateway;
import io.millrace.storefront.simulation.Moment;
import io.millrace.storefront.simulation.Panel;
import io.millrace.storefront.simulation.ShopTruth;
import io.millrace.wire.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures a running system in the simulated shop, through the public API: customers visit the shop, in the middle of their
 * visits the system is asked what to show, and the simulator knows what that is worth.
 *
 * <p>"Without session features" is the same question to the same system just before the visits' events are sent: its features
 * are then those of a system that learns of a visit in the night after.
 */
public final class ShopEvaluation {

    private static final String COLLECTION = "storefront-items";
    private static final int VECTOR_WIDTH = 64;
    private static final int WARM_UP = 50;
    private static final int CANDIDATES = 200;
    private static final int LIMIT = 20;
    private static final int NEW_DAYS = 7;
    private static final int CUSTOMERS = 200;
    private static final int FRESH = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Gateway gateway;
    private final Consumer<String> progress;
    private final Map<String, ShopScore> known = new LinkedHashMap<>();
    private final Map<String, ShopScore> fresh = new LinkedHashMap<>();
    private final Map<String, NewItems> newItems = new LinkedHashMap<>();
    private final List<Double> millis = new ArrayList<>();
    private final Calibration calibration = new Calibration();
    private int answers;
    private int degraded;
    private int shortened;

    public ShopEvaluation(Gateway gateway, Consumer<String> progress) {
        this.gateway = gateway;
        this.progress = progress;
    }

    /**
     * Lets customers visit and asks.
     *
     * @param history all events so far, in the order of time
     */
    public ShopReport measure(ShopTruth truth, List<Event> history, Instant now)
            throws IOException, InterruptedException {
        String definition = gateway.definition("storefront");
        gateway.define(Variants.RETRIEVAL, Variants.retrieval(definition));
        gateway.define(Variants.RANKING, Variants.ranking(definition));
        List<Moment> moments = Panel.visit(truth, history, now, CUSTOMERS, FRESH, now.getEpochSecond());
        progress.accept("%d customers visit; the bound is computed".formatted(moments.size()));
        limits(truth, history, now, moments);

        for (Moment moment : moments.stream().limit(WARM_UP).toList()) {
            gateway.recommend(customer(moment), List.of(), LIMIT);
        }
        for (Moment moment : moments) {
            ask(truth, moment, ShopReport.WITHOUT);
        }
        progress.accept("asked before the visits' events");
        long visible = tell(moments);
        progress.accept("the visits' events were in the features after %d ms".formatted(visible));
        millis.clear();
        for (Moment moment : moments) {
            ask(truth, moment, "");
        }
        Collections.sort(millis);
        Map<String, Double> found = new LinkedHashMap<>();
        newItems.forEach((method, items) -> found.put(method, items.recall()));
        return new ShopReport(
                List.of(
                        ShopReport.group("Customers with a history", known),
                        ShopReport.group("Customers in their first visit", fresh)),
                found,
                newItems.values().iterator().next().counted(),
                calibration.error(),
                visible,
                newItem(truth, now),
                (double) degraded / answers,
                (double) shortened / answers,
                Percentiles.of(millis, 0.50),
                Percentiles.of(millis, 0.99));
    }

    private void limits(ShopTruth truth, List<Event> history, Instant now, List<Moment> moments) {
        double[] sales = BestSellers.of(history, now, truth.size().items());
        for (Moment moment : moments) {
            score(moment, ShopReport.RANDOM).addRandom(moment);
            add(truth, moment, ShopReport.BEST_SELLERS, ShopScore.order(moment, sales));
            add(truth, moment, ShopReport.BOUND_BEFORE, ShopScore.order(moment, moment.knownBefore()));
            add(truth, moment, ShopReport.BOUND, ShopScore.order(moment, moment.known()));
        }
    }

    /** Asks for candidates, for their order, and for what is shipped. */
    private void ask(ShopTruth truth, Moment moment, String suffix) throws IOException, InterruptedException {
        List<String> exclude =
                moment.clicked().stream().mapToObj(ShopTruth::itemId).toList();
        String customer = customer(moment);
        Gateway.Answer candidates = counted(gateway.ask(Variants.RETRIEVAL, customer, exclude, CANDIDATES), CANDIDATES);
        Gateway.Answer ranked = counted(gateway.ask(Variants.RANKING, customer, exclude, LIMIT), LIMIT);
        long start = System.nanoTime();
        Gateway.Answer shipped = counted(gateway.recommend(customer, exclude, LIMIT), LIMIT);
        millis.add((System.nanoTime() - start) / 1e6);
        add(truth, moment, ShopReport.RETRIEVAL + suffix, items(truth, candidates));
        add(truth, moment, ShopReport.RANKING + suffix, items(truth, ranked));
        add(truth, moment, ShopReport.SHIPPED + suffix, items(truth, shipped));
        if (suffix.isEmpty()) {
            calibration.add(moment, items(truth, ranked), ranked.scores());
        }
    }

    private Gateway.Answer counted(Gateway.Answer answer, int limit) {
        answers++;
        degraded += answer.degraded().isEmpty() ? 0 : 1;
        shortened += answer.items().size() < limit ? 1 : 0;
        return answer;
    }

    private void add(ShopTruth truth, Moment moment, String method, List<Integer> list) {
        score(moment, method).add(moment, list);
        newItems.computeIfAbsent(method, _ -> new NewItems(truth.day(moment.time()) - NEW_DAYS))
                .add(truth, moment, list);
    }

    private ShopScore score(Moment moment, String method) {
        return (moment.fresh() ? fresh : known).computeIfAbsent(method, _ -> new ShopScore());
    }

    /** Sends the visits' events and waits until they are in the features; how long that took, in milliseconds. */
    private long tell(List<Moment> moments) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (EventUpload upload = new EventUpload(gateway, progress)) {
            for (Moment moment : moments) {
                for (Event event : moment.visit()) {
                    upload.add(event);
                }
            }
            upload.finish();
        }
        for (Moment moment : moments) {
            Set<String> clicked = new HashSet<>(
                    moment.clicked().stream().mapToObj(ShopTruth::itemId).toList());
            while (!holds(() -> new HashSet<>(gateway.recentItems(customer(moment))).containsAll(clicked))) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IOException("events of %s were not in its features after %d s"
                            .formatted(customer(moment), PATIENCE.toSeconds()));
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
        return (System.nanoTime() - start) / 1_000_000;
    }

    /** How long an item that was never heard of takes until a search finds it; null when that is more than a minute. */
    private @Nullable Long newItem(ShopTruth truth, Instant now) throws IOException, InterruptedException {
        Event first = truth.unheardOf(now);
        String id = first.entities().getOrDefault("item", "");
        long start = System.nanoTime();
        gateway.send(List.of(first));
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            if (holds(() -> gateway.isFound(COLLECTION, "embedding", VECTOR_WIDTH, id))) {
                return (System.nanoTime() - start) / 1_000_000;
            }
            Thread.sleep(LOOK_AGAIN);
        }
        return null;
    }

    /** Something to ask the system for, until it is so. */
    private interface Question {
        boolean ask() throws IOException, InterruptedException;
    }

    /** Whether it is so; what the system is too busy to say is not so yet. */
    private static boolean holds(Question question) throws IOException, InterruptedException {
        try {
            return question.ask();
        } catch (Gateway.Busy _) {
            return false;
        }
    }

    /** The simulated items of an answer; one that was made up elsewhere has no number and takes its place. */
    private static List<Integer> items(ShopTruth truth, Gateway.Answer answer) {
        return answer.items().stream()
                .filter(id -> id.matches("i\\d{4,6}")
                        && ShopTruth.number(id) < truth.size().items())
                .map(ShopTruth::number)
                .toList();
    }

    private static String customer(Moment moment) {
        return ShopTruth.customerId(moment.customer());
    }
}
