package io.millrace.benchmarks.load;

import io.millrace.benchmarks.load.OpenLoop.Observed;
import io.millrace.benchmarks.storefront.Answer;
import io.millrace.benchmarks.storefront.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What one rate gave. The quantiles are over all answers, whole or not.
 *
 * @param degraded share of the answers that said what was missing from them
 * @param failed share of those that were no answer, or too short a one
 * @param good share of those that were whole and there inside the deadline
 * @param first the first of each kind that does not count
 */
record Summary(
        double rate, int requests, double p50, double p99, double degraded, double failed, double good, String first) {

    static final String HEADER = "| requests/s | sent | p50 ms | p99 ms | degraded | failed | whole and inside %d ms |";
    static final String RULE = "|---|---|---|---|---|---|---|";

    static Summary of(double rate, List<Observed> observed, Duration deadline) {
        var tally = new Tally();
        observed.forEach(each -> tally.add(each.answer()));
        long[] sorted = observed.stream().mapToLong(Observed::nanos).sorted().toArray();
        long good = observed.stream()
                .filter(each -> each.answer() instanceof Answer.Whole && each.nanos() <= deadline.toNanos())
                .count();
        double all = observed.size();
        return new Summary(
                rate,
                observed.size(),
                quantile(sorted, 0.5),
                quantile(sorted, 0.99),
                tally.degraded() / all,
                tally.others() / all,
                good / all,
                tally.toString());
    }

    /** In milliseconds, by nearest rank. */
    private static double quantile(long[] sorted, double quantile) {
        return sorted[Math.max(0, (int) Math.ceil(quantile * sorted.length) - 1)] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "| %.0f | %d | %.1f | %.1f | %.1f %% | %.1f %% | %.1f %% |",
                rate,
                requests,
                p50,
                p99,
                100 * degraded,
                100 * failed,
                100 * good);
    }
}
