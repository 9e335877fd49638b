package io.millrace.storefront.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChoicesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final InteractionLog.Builder builder = new InteractionLog.Builder();

    @Test
    void aLabelIsBoughtInThePeriodAndNotBefore() {
        buy("a", 1);
        buy("b", 2);
        buy("a", 3);
        buy("c", 3);
        buy("d", 4);
        InteractionLog log = builder.build();
        Choices purchases = Choices.purchases(log);

        assertThat(ids(log, purchases.newly(0, day(2), day(4)).stream().toArray()))
                .containsExactly("b", "c");
        assertThat(ids(log, purchases.before(0, day(2)).stream().toArray())).containsExactly("a");
    }

    @Test
    void aRepeatedEventCountsOnce() {
        Event event = new Event("same", "purchase", START, Map.of("item", "a"), null, Map.of(), null);
        builder.add(event);
        builder.add(event);

        assertThat(builder.build().size()).isEqualTo(1);
    }

    @Test
    void eventsThatArriveLateStandInTheOrderOfTime() {
        buy("a", 2);
        buy("b", 1);
        InteractionLog log = builder.build();

        assertThat(log.items().id(log.item(0))).isEqualTo("b");
        assertThat(log.firstRowAt(day(2))).isEqualTo(1);
    }

    private void buy(String item, int day) {
        Map<String, String> entities = new LinkedHashMap<>();
        entities.put("customer", "c");
        entities.put("item", item);
        builder.add(new Event(
                item + day, "purchase", START.plus(Duration.ofDays(day)), entities, null, Map.of("price", 1.0), null));
    }

    private static long day(int day) {
        return Moments.micros(START.plus(Duration.ofDays(day)));
    }

    private static String[] ids(InteractionLog log, int[] items) {
        String[] ids = new String[items.length];
        for (int i = 0; i < items.length; i++) {
            ids[i] = log.items().id(items[i]);
        }
        return ids;
    }
}
