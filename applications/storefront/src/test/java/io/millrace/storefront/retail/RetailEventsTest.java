package io.millrace.storefront.retail;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetailEventsTest {

    private static final Instant TIME = Instant.parse("2011-09-30T10:00:00Z");

    private final RetailEvents events =
            new RetailEvents(new WeekShift(Duration.ofDays(70)), Instant.parse("2011-10-01T00:00:00Z"));

    @Test
    void aSaleIsAPurchaseAfterTheItemIsIntroduced() {
        List<Event> made = events.of(line(7, "536365", "HEART", 6, 2.55, "17850"));

        assertThat(made).extracting(Event::id).containsExactly("retail-7-item", "retail-7");
        assertThat(made).extracting(Event::type).containsExactly("item", "purchase");
        assertThat(made.getFirst().value()).isEqualTo(Map.of("description", "HEART", "price", 2.55, "in_stock", true));
        assertThat(made.getLast().entities().keySet()).containsExactly("customer", "item");
        assertThat(made.getLast().value()).isEqualTo(Map.of("quantity", 6L, "price", 2.55));
        assertThat(made.getLast().time()).isEqualTo(TIME.plus(Duration.ofDays(70)));
        assertThat(made.getLast().sourceTime()).isEqualTo(TIME);
    }

    @Test
    void anItemIsIntroducedAgainOnlyWhenItsDescriptionChanges() {
        events.of(line(1, "1", "HEART", 1, 2.55, "1"));

        assertThat(events.of(line(2, "1", "HEART", 1, 9.99, "1"))).hasSize(1);
        assertThat(events.of(line(3, "1", "", 1, 2.55, "1"))).hasSize(1);
        assertThat(events.of(line(4, "1", "RED HEART", 1, 2.55, "1"))).hasSize(2);
        assertThat(events.report().counts()).containsEntry("item_events", 2L).containsEntry("without_description", 1L);
    }

    @Test
    void aCancellationIsAReturn() {
        assertThat(events.of(line(1, "C536365", "HEART", -6, 2.55, "17850")))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.type()).isEqualTo("return");
                    assertThat(event.value()).isEqualTo(Map.of("quantity", 6L));
                });
    }

    @Test
    void stockCorrectionsAreCountedAndLeftOut() {
        assertThat(events.of(line(1, "536365", "damaged", -10, 0, ""))).isEmpty();
        assertThat(events.of(line(2, "536365", "found", 10, 0, ""))).isEmpty();

        assertThat(events.report().counts())
                .containsEntry("stock_corrections", 2L)
                .containsEntry("purchases", 0L);
    }

    @Test
    void aPurchaseWithoutCustomerHasOnlyItsItem() {
        assertThat(events.of(line(1, "536365", "HEART", 1, 2.55, "")).getLast().entities())
                .isEqualTo(Map.of("item", "85123A"));
        assertThat(events.report().counts()).containsEntry("anonymous_purchases", 1L);
    }

    @Test
    void whatHappenedFromTheGivenDayOnIsLeftOut() {
        RetailLine late =
                new RetailLine(1, "536365", "85123A", "HEART", 1, Instant.parse("2011-10-01T00:00:00Z"), 2.55, "17850");

        assertThat(events.of(late)).isEmpty();
        assertThat(events.report().counts()).containsEntry("after_until", 1L);
    }

    private static RetailLine line(
            long number, String invoice, String description, long quantity, double price, String customer) {
        return new RetailLine(number, invoice, "85123A", description, quantity, TIME, price, customer);
    }
}
