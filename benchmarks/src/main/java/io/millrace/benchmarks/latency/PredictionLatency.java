package io.millrace.benchmarks.latency;

import io.millrace.benchmarks.Benchmark;
import io.millrace.benchmarks.Target;
import io.millrace.benchmarks.storefront.Storefront;
import io.millrace.benchmarks.storefront.Tally;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The latency of a storefront prediction through the gateway, with one caller that waits for each answer. */
public final class PredictionLatency implements Benchmark {

    private static final int WARM_UP = 2_000;
    private static final int COUNTED = 3_000;
    private static final int LIMIT = 20;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public Usage usage() {
        return new Usage(
                "[CUSTOMER...]",
                "%,d storefront predictions of %d results, one caller, after %,d that do not count."
                        .formatted(COUNTED, LIMIT, WARM_UP));
    }

    @Override
    public boolean run(Target millrace, List<String> arguments) throws IOException {
        try (Storefront storefront = Storefront.of(millrace, LIMIT, 1)) {
            List<String> customers = Storefront.customers(millrace, arguments);
            ask(storefront, customers, new long[WARM_UP]);
            var nanos = new long[COUNTED];
            Tally tally = ask(storefront, customers, nanos);
            Arrays.sort(nanos);
            System.out.printf(
                    "%d predictions, one caller: p50 %.2f ms, p99 %.2f ms, max %.1f ms; %s%n",
                    COUNTED,
                    nanos[COUNTED / 2] / 1e6,
                    nanos[COUNTED * 99 / 100] / 1e6,
                    nanos[COUNTED - 1] / 1e6,
                    tally);
            return tally.whole() == COUNTED;
        }
    }

    private static Tally ask(Storefront storefront, List<String> customers, long[] nanos) {
        var random = new Random(17);
        var tally = new Tally();
        for (int i = 0; i < nanos.length; i++) {
            String customer = customers.get(random.nextInt(customers.size()));
            long start = System.nanoTime();
            tally.add(storefront.ask(customer));
            nanos[i] = System.nanoTime() - start;
        }
        return tally;
    }
}
