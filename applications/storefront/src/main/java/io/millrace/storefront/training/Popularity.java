package io.millrace.storefront.training;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What sold best in the days before a moment. */
final class Popularity {

    private Popularity() {}

    /** Item numbers, the best seller first; items without a sale are not in it. */
    static List<Integer> ranking(InteractionLog log, long before, int days) {
        int[] sales = new int[log.items().size()];
        int until = log.firstRowAt(before);
        for (int row = log.firstRowAt(before - days * Moments.DAY); row < until; row++) {
            if (log.kind(row) == InteractionLog.Kind.PURCHASE) {
                sales[log.item(row)]++;
            }
        }
        return IntStream.range(0, sales.length)
                .filter(item -> sales[item] > 0)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(item -> -sales[item]).thenComparing(item -> item))
                .toList();
    }
}
