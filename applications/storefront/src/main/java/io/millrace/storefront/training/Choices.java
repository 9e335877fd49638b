package io.millrace.storefront.training;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;

/** What each customer chose, in the order of time: the source of all labels. */
final class Choices {

    private final int[][] items;
    private final long[][] micros;

    /** What was bought. */
    static Choices purchases(InteractionLog log) {
        return new Choices(log, EnumSet.of(InteractionLog.Kind.PURCHASE));
    }

    /** What was viewed, taken into the basket or bought. */
    static Choices ofAnyKind(InteractionLog log) {
        return new Choices(log, EnumSet.allOf(InteractionLog.Kind.class));
    }

    private Choices(InteractionLog log, Set<InteractionLog.Kind> kinds) {
        int[] count = new int[log.customers().size()];
        for (int row = 0; row < log.size(); row++) {
            if (counts(log, row, kinds)) {
                count[log.customer(row)]++;
            }
        }
        items = new int[count.length][];
        micros = new long[count.length][];
        Arrays.setAll(items, customer -> new int[count[customer]]);
        Arrays.setAll(micros, customer -> new long[count[customer]]);
        int[] next = new int[count.length];
        for (int row = 0; row < log.size(); row++) {
            if (counts(log, row, kinds)) {
                int customer = log.customer(row);
                items[customer][next[customer]] = log.item(row);
                micros[customer][next[customer]++] = log.micros(row);
            }
        }
    }

    int customers() {
        return items.length;
    }

    /** The items chosen before this moment. */
    BitSet before(int customer, long moment) {
        return between(customer, Long.MIN_VALUE, moment);
    }

    /** The items chosen from one moment until before another. */
    BitSet between(int customer, long from, long until) {
        BitSet chosen = new BitSet();
        for (int i = firstAt(customer, from); i < items[customer].length && micros[customer][i] < until; i++) {
            chosen.set(items[customer][i]);
        }
        return chosen;
    }

    /** The items chosen from one moment until before another that the customer had not chosen before. */
    BitSet newly(int customer, long from, long until) {
        BitSet chosen = between(customer, from, until);
        chosen.andNot(before(customer, from));
        return chosen;
    }

    /** When each of the customer's days with choices began: the time of its first one. */
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

    private int firstAt(int customer, long moment) {
        int found = Arrays.binarySearch(micros[customer], moment);
        if (found < 0) {
            return -found - 1;
        }
        while (found > 0 && micros[customer][found - 1] == moment) {
            found--;
        }
        return found;
    }

    private static boolean counts(InteractionLog log, int row, Set<InteractionLog.Kind> kinds) {
        return kinds.contains(log.kind(row)) && log.customer(row) != Vocabulary.UNKNOWN;
    }
}
