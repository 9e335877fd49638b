package io.millrace.storefront.evaluation;

import io.millrace.storefront.simulation.ShopTruth;
import io.millrace.wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What sold best in the simulated shop in the seven days before a moment: a floor. */
public final class BestSellers {

    private static final Duration DAYS = Duration.ofDays(7);

    private BestSellers() {}

    /** Purchases of each item by its number. */
    public static double[] of(List<Event> events, Instant now, int items) {
        double[] sales = new double[items];
        for (Event event : events) {
            String id = event.entities().getOrDefault("item", "");
            if (event.type().equals("purchase")
                    && id.matches("i\\d+")
                    && ShopTruth.number(id) < items
                    && event.time().isBefore(now)
                    && !event.time().isBefore(now.minus(DAYS))) {
                sales[ShopTruth.number(id)]++;
            }
        }
        return sales;
    }
}
