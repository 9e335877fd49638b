package io.millrace.inference.batching;

import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * How long a batch of so many rows runs: measured before the model answers, for 1, 2, 4, … rows and the largest batch.
 * Between two sizes the time is taken to grow evenly. What runs later corrects all sizes alike: a machine that is busy with
 * something else slows them all down, and a size that happens not to run could never be corrected by itself.
 */
final class RunTimes {

    /** A smaller batch that is nearly as fast per row as the fastest keeps everyone waiting for less time. */
    private static final double FAST_ENOUGH = 0.9;

    /** How much of a new time is believed: single runs are disturbed by whatever else the machine does. */
    private static final double BELIEVED = 0.1;

    /** A run that took so many times what was expected was interrupted; more than this of it is not believed. */
    private static final double MOST_SURPRISE = 4;

    private static final int MOST_RUNS = 20;
    private static final long ENOUGH_NANOS = 20_000_000; // for one size

    /** A model is often loaded while much else starts: one run that is interrupted must not be all that is known. */
    private static final int FEWEST_RUNS = 5;

    private static final long TOO_LONG_NANOS = 200_000_000; // even for those

    private final int[] sizes;
    private final double[] nanos;
    private final int bestBatchSize;
    private double slowness = 1; // how many times the measured time it takes now

    /** @param measured nanoseconds by rows; not empty */
    RunTimes(SortedMap<Integer, Long> measured) {
        sizes = measured.keySet().stream().mapToInt(Integer::intValue).toArray();
        nanos = measured.values().stream().mapToDouble(Long::doubleValue).toArray();
        bestBatchSize = best(measured);
    }

    /** Runs batches of default values, on the thread that calls; it also warms up the engine at each size. */
    static RunTimes measure(ModelDefinition definition, LoadedModel model, LongSupplier clock) {
        SortedMap<Integer, Long> measured = new TreeMap<>();
        int largest = definition.scheduling().maxBatchSize();
        try (ModelInstance instance = model.newInstance()) {
            for (int rows = 1; rows < largest; rows *= 2) {
                measured.put(rows, fastest(instance, definition.defaultRows(rows), clock));
            }
            measured.put(largest, fastest(instance, definition.defaultRows(largest), clock));
        }
        return new RunTimes(measured);
    }

    /** The fastest of a few runs is what the engine needs; the others were disturbed. */
    private static long fastest(ModelInstance instance, ModelInputs rows, LongSupplier clock) {
        long fastest = Long.MAX_VALUE;
        long spent = 0;
        for (int run = 0; run < MOST_RUNS && spent < (run < FEWEST_RUNS ? TOO_LONG_NANOS : ENOUGH_NANOS); run++) {
            long started = clock.getAsLong();
            instance.run(List.of(rows));
            long took = clock.getAsLong() - started;
            fastest = Math.min(fastest, took);
            spent += took;
        }
        return fastest;
    }

    private static int best(SortedMap<Integer, Long> measured) {
        double most = 0;
        for (Map.Entry<Integer, Long> each : measured.entrySet()) {
            most = Math.max(most, rate(each));
        }
        for (Map.Entry<Integer, Long> each : measured.entrySet()) {
            if (rate(each) >= FAST_ENOUGH * most) {
                return each.getKey();
            }
        }
        throw new IllegalArgumentException("no size was measured");
    }

    private static double rate(Map.Entry<Integer, Long> size) {
        return size.getKey() / (double) Math.max(1, size.getValue());
    }

    /** The smallest batch that gives at least 90 % of the most rows per second. */
    int bestBatchSize() {
        return bestBatchSize;
    }

    /** How long so many rows will run together. */
    long nanos(int rows) {
        return Math.round(slowness * measured(rows));
    }

    private double measured(int rows) {
        int above = indexAbove(rows);
        if (above == 0) {
            return nanos[0];
        }
        double share = (rows - sizes[above - 1]) / (double) (sizes[above] - sizes[above - 1]);
        return nanos[above - 1] + share * (nanos[above] - nanos[above - 1]);
    }

    /** Takes in how long so many rows did run. */
    void observed(int rows, long took) {
        double measured = measured(rows);
        if (measured > 0) {
            double seen = Math.min(took / measured, MOST_SURPRISE * slowness);
            slowness += BELIEVED * (seen - slowness);
        }
    }

    /** The first size that is not smaller; the largest for more rows than that. */
    private int indexAbove(int rows) {
        int index = 0;
        while (index < sizes.length - 1 && sizes[index] < rows) {
            index++;
        }
        return index;
    }
}
