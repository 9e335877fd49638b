package io.millrace.system;

import io.millrace.system.Traffic.Seen;
import io.millrace.testing.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of what broke and what callers saw. */
final class FaultReport {

    private final List<String> rows = new ArrayList<>();

    /**
     * Adds what one fault did.
     *
     * @param all what callers saw from the break until all was whole again
     * @param without what they saw while it was broken
     */
    void add(String fault, List<String> degradedSteps, List<Seen> all, List<Seen> without, Duration untilWhole) {
        List<Duration> totals = without.stream().map(Seen::total).sorted().toList();
        List<Duration> waits = without.stream().map(Seen::waited).sorted().toList();
        long unanswered = all.stream().filter(seen -> seen.status() != 200).count();
        long degraded = without.stream().filter(seen -> !seen.isWhole()).count();
        rows.add(String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d of %d | %s | %s | %s | %s | %.1f s |",
                fault,
                all.size(),
                unanswered,
                degraded,
                without.size(),
                degradedSteps.isEmpty() ? "none" : String.join(", ", degradedSteps),
                millis(totals, 0.5),
                millis(totals, 1),
                millis(waits, 0.99),
                untilWhole.toMillis() / 1000.0));
    }

    void write() {
        Report.ofThisCommit().write("faults", "Faults", "./millrace test --faults", """
                Ten callers a second ask for the small simulated shop's predictions while one part after the other is broken for six seconds: *killed* is SIGKILL, *paused* SIGSTOP.
                Every answer is held against the deadline of the pipeline, 200 ms, every answer that was asked for from a second after the break until a deadline before its end against the steps named here, and the time from the part's return to the
                first of ten whole answers in a row against 10 s. Events go on too while Kafka is away: each was taken and is in its customer's features afterwards, or was refused with 503 and
                Retry-After; and the record of every answer that was given without Kafka can be read afterwards, also where app-service was killed before Kafka came back.

                | fault | answers | other than 200 | degraded while broken | steps | p50 | longest | p99 at the caller | whole again after |
                |---|---|---|---|---|---|---|---|---|
                """ + String.join("\n", rows));
    }

    private static String millis(List<Duration> sorted, double quantile) {
        return sorted.isEmpty()
                ? ""
                : sorted.get((int) Math.ceil(quantile * sorted.size()) - 1).toMillis() + " ms";
    }
}
