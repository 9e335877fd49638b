package io.millrace.storefront.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShopSimulatorTest {

    private static final Instant END = Instant.parse("2026-11-24T09:00:00Z");

    private static final List<Event> EVENTS = ShopSimulator.simulate(ShopSize.SMALL, 1, END);

    @Test
    void theSameSeedGivesTheSameShop() {
        assertThat(ShopSimulator.simulate(ShopSize.SMALL, 1, END)).isEqualTo(EVENTS);
        assertThat(ShopSimulator.simulate(ShopSize.SMALL, 2, END)).isNotEqualTo(EVENTS);
    }

    @Test
    void aShopHasTheSizeItSays() {
        assertThat(EVENTS).hasSizeBetween(50_000, 70_000);
        assertThat(EVENTS).extracting(Event::id).doesNotHaveDuplicates();
        assertThat(count("item")).isEqualTo(300);
        assertThat(count("view")).isGreaterThan(3 * count("basket"));
        assertThat(count("basket")).isGreaterThan(count("purchase"));
        assertThat(count("purchase")).isGreaterThan(3_000);
        assertThat(EVENTS.stream()
                        .flatMap(event -> Stream.ofNullable(event.entities().get("customer")))
                        .distinct())
                .hasSize(400);
    }

    @Test
    void everythingHappensInTheDaysBeforeTheEnd() {
        assertThat(EVENTS).extracting(Event::time).isSorted();
        assertThat(EVENTS.getFirst().time()).isEqualTo(END.minus(Duration.ofDays(90)));
        assertThat(EVENTS.getLast().time()).isBefore(END);
    }

    private long count(String type) {
        return EVENTS.stream().filter(event -> event.type().equals(type)).count();
    }
}
