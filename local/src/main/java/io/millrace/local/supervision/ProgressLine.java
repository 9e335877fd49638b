package io.millrace.local.supervision;

import java.util.Locale;

/** One part's line: {@code [ 7.4s] feature-service    ready     :8082}. */
record ProgressLine(double seconds, String part, PartState state, String detail) {

    static ProgressLine now(long startNanos, String part, PartState state, String detail) {
        return new ProgressLine((System.nanoTime() - startNanos) / 1e9, part, state, detail);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "[%5.1fs] %-18s %-9s %s", seconds, part, state, detail)
                .stripTrailing();
    }
}
