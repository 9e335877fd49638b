package io.millrace.local.supervision;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Rewrites the line of a part in place. */
final class TerminalProgress implements Progress {

    /** A line that wraps would break the counting of lines; the terminal's own width is not known to Java. */
    private static final int WIDTH = 79;

    private final PrintStream out;
    private final long startNanos = System.nanoTime();
    private final SequencedMap<String, ProgressLine> lines = new LinkedHashMap<>();

    TerminalProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void show(String part, PartState state, String detail) {
        ProgressLine line = ProgressLine.now(startNanos, part, state, detail);
        boolean isNew = lines.put(part, line) == null;
        String text = cut(line.toString());
        if (isNew) {
            out.println(text);
        } else {
            int up = linesFrom(part);
            out.print("\u001b[" + up + "A\r\u001b[2K" + text + "\u001b[" + up + "B\r");
        }
        out.flush();
    }

    private int linesFrom(String part) {
        int above = 0;
        for (String each : lines.keySet()) {
            if (each.equals(part)) {
                break;
            }
            above++;
        }
        return lines.size() - above;
    }

    private static String cut(String text) {
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH - 1) + "…";
    }
}
