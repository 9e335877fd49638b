package io.millrace.local.supervision;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/** Appends a line when a state changes, and every few seconds while a part says what it is at. */
final class LineProgress implements Progress {

    private static final double SECONDS_BETWEEN_DETAILS = 5;

    private final PrintStream out;
    private final long startNanos = System.nanoTime();
    private final Map<String, ProgressLine> last = new HashMap<>();

    LineProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void show(String part, PartState state, String detail) {
        ProgressLine line = ProgressLine.now(startNanos, part, state, detail);
        ProgressLine before = last.get(part);
        if (before == null || before.state() != state || line.seconds() - before.seconds() >= SECONDS_BETWEEN_DETAILS) {
            last.put(part, line);
            out.println(line);
        }
    }
}
