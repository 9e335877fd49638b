package io.millrace.storefront.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.wire.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopSimulatorTest {

    private static final Instant END = Instant.parse("2026-11-24T09:00:00Z");

    private static final ShopSimulator.SimulatedShop SHOP = ShopSimulator.simulate(ShopSize.SMALL, 1, END);
    private static final List<Event> EVENTS = SHOP.events();

    @Test
    void theSameSeedGivesTheSameShop() {
        ShopSize tiny = new ShopSize(20, 30, 90, 5);
        List<Event> events = ShopSimulator.simulate(tiny, 1, END).events();

        assertThat(ShopSimulator.simulate(tiny, 1, END).events()).isEqualTo(events);
        assertThat(ShopSimulator.simulate(tiny, 2, END).events()).isNotEqualTo(events);
    }

    @Test
    void aShopHasTheSizeItSays() {
        assertThat(EVENTS).hasSizeBetween(60_000, 130_000);
        assertThat(EVENTS).extracting(Event::id).doesNotHaveDuplicates();
        assertThat(count("item")).isEqualTo(400);
        assertThat(count("impression")).isBetween(30_000L, 45_000L);
        assertThat(count("view")).isGreaterThan(2 * count("purchase"));
        assertThat(count("purchase")).isGreaterThan(3_000);
        assertThat(EVENTS.stream()
                        .flatMap(event -> Stream.ofNullable(event.entities().get("customer")))
                        .distinct())
                .hasSizeBetween(480, 500);
    }

    @Test
    void everythingHappensInTheDaysBeforeTheEnd() {
        assertThat(EVENTS).extracting(Event::time).isSorted();
        assertThat(EVENTS.getFirst().time()).isEqualTo(END.minus(Duration.ofDays(90)));
        assertThat(EVENTS.getLast().time()).isBefore(END);
    }

    @Test
    void itemsAreShownFromTheirLaunchOnAndClickedOnlyWhenShown() {
        int wrong = 0;
        Map<String, Instant> launches = new HashMap<>();
        Map<String, List<String>> page = new HashMap<>();
        for (Event event : EVENTS) {
            switch (event.type()) {
                case "item" -> launches.put(item(event), event.time());
                case "impression" -> {
                    List<String> items = shown(event);
                    wrong += launches.keySet().containsAll(items)
                                    && Set.copyOf(items).size() == items.size()
                            ? 0
                            : 1;
                    page.put(customer(event), items);
                }
                default -> wrong += shownTo(page, event).contains(item(event)) ? 0 : 1;
            }
        }
        assertThat(wrong).isZero();
    }

    @Test
    void loggedPropensitiesAreThoseOfThePolicy() {
        LoggingPolicy policy = new LoggingPolicy(SHOP.truth());
        Random random = new Random(5);
        Map<Integer, Double> logged = new HashMap<>();
        int[] first = new int[ShopSize.SMALL.items()];
        int pages = 10_000;
        for (int i = 0; i < pages; i++) {
            Page one = policy.next(90, new BitSet(), random);
            first[one.items().getFirst()]++;
            logged.put(one.items().getFirst(), one.propensities().getFirst());
        }
        int best = 0;
        for (int item = 0; item < first.length; item++) {
            best = first[item] > first[best] ? item : best;
        }
        double propensity = logged.getOrDefault(best, 0.0);
        double share = (double) first[best] / pages;
        assertThat(share).isCloseTo(propensity, within(4 * Math.sqrt(propensity / pages)));
        assertThat(logged.values()).allMatch(one -> one > 0.001);
    }

    @Test
    void laterPlacesAreClickedLessByTheKnownFactor() {
        long[] clicks = new long[ClickLaw.PAGE];
        Map<String, List<String>> page = new HashMap<>();
        for (Event event : EVENTS) {
            String customer = event.entities().get("customer");
            if (event.type().equals("impression")) {
                page.put(customer, shown(event));
            } else if (event.type().equals("view")) {
                clicks[
                        page.getOrDefault(customer, List.of())
                                .indexOf(event.entities().get("item"))]++;
            }
        }
        // the policy does not know who likes what, so places differ in nothing but being looked at
        assertThat((double) clicks[9] / clicks[0]).isCloseTo(ClickLaw.examined(9), within(0.06));
    }

    @Test
    void theVisitsIntentMattersMoreThanTheLastingTaste() {
        ShopTruth truth = SHOP.truth();
        double lasting = 0;
        double passing = 0;
        for (int customer = 0; customer < 200; customer++) {
            double[] state = truth.states()[customer];
            lasting += variance(item -> ClickLaw.lasting(truth, state, item));
            int intent = customer % truth.centres().length;
            passing += variance(item -> ClickLaw.passing(truth, intent, item));
        }
        assertThat(passing / lasting).isBetween(1.0, 5.0);
    }

    @Test
    void truthIsReadAsItWasWritten(@TempDir Path folder) throws IOException {
        SHOP.truth().write(folder);

        ShopTruth read = ShopTruth.read(folder);

        assertThat(read.size()).isEqualTo(ShopSize.SMALL);
        assertThat(read.day(END)).isEqualTo(90);
        assertThat(Arrays.deepEquals(read.states(), SHOP.truth().states())).isTrue();
        assertThat(read.descriptions()).isEqualTo(SHOP.truth().descriptions());
    }

    private static String customer(Event event) {
        return event.entities().getOrDefault("customer", "");
    }

    private static String item(Event event) {
        return event.entities().getOrDefault("item", "");
    }

    private static List<String> shownTo(Map<String, List<String>> page, Event event) {
        return page.getOrDefault(customer(event), List.of());
    }

    private static List<String> shown(Event impression) {
        return List.of(String.valueOf(impression.value().get("items")).split(" ", -1));
    }

    private static double variance(IntToDoubleFunction value) {
        double[] values = IntStream.range(0, 400).mapToDouble(value).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    }

    private long count(String type) {
        return EVENTS.stream().filter(event -> event.type().equals(type)).count();
    }
}
