package io.millrace.storefront.training;

import java.util.Arrays;
import java.util.BitSet;

/** What each customer bought, in the order of time: the source of all labels. */
final class Purchases {

    private final int[][] items;
    private final long[][] micros;

    Purchases(InteractionLog log) {
        int[] count = new int[log.customers().size()];
        for (int row = 0; row < log.size(); row++) {
            if (counts(log, row)) {
                count[log.customer(row)]++;
            }
        }
        items = new int[count.length][];
        micros = new long[count.length][];
        Arrays.setAll(items, customer -> new int[count[customer]]);
        Arrays.setAll(micros, customer -> new long[count[customer]]);
        int[] next = new int[count.length];
        for (int row = 0; row < log.size(); row++) {
            if (counts(log, row)) {
                int customer = log.customer(row);
                items[customer][next[customer]] = log.item(row);
                micros[customer][next[customer]++] = log.micros(row);
            }
        }
    }

    int customers() {
        return items.length;
    }

    /** The items bought before this moment. */
    BitSet before(int customer, long moment) {
        BitSet bought = new BitSet();
        for (int i = 0; i < items[customer].length && micros[customer][i] < moment; i++) {
            bought.set(items[customer][i]);
        }
        return bought;
    }

    /** The items bought from one moment until before another that the customer had not bought before. */
    BitSet newlyBought(int customer, long from, long until) {
        BitSet bought = new BitSet();
        for (int i = 0; i < items[customer].length && micros[customer][i] < until; i++) {
            if (micros[customer][i] >= from) {
                bought.set(items[customer][i]);
            }
        }
        bought.andNot(before(customer, from));
        return bought;
    }

    /** When each of the customer's days with purchases began: the time of its first purchase. */
    long[] days(int customer) {
        long[] times = micros[customer];
        long[] starts = new long[times.length];
        int size = 0;
        for (int i = 0; i < times.length; i++) {
            if (i == 0 || times[i] / Moments.DAY != times[i - 1] / Moments.DAY) {
                starts[size++] = times[i];
            }
        }
        return Arrays.copyOf(starts, size);
    }

    private static boolean counts(InteractionLog log, int row) {
        return log.kind(row) == InteractionLog.Kind.PURCHASE && log.customer(row) != Vocabulary.UNKNOWN;
    }
}
