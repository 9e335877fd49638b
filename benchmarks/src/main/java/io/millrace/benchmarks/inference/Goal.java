package io.millrace.benchmarks.inference;

import java.util.Locale;

/**
 * One thing to show, and what came of it.
 *
 * @param figures what was measured, in words
 * @param reached the figure that is held against the goals
 * @param floor what it must reach
 * @param aim what would be good
 * @param atMost whether the goals are the most instead of the least
 */
record Goal(String what, String figures, double reached, double floor, double aim, boolean atMost) {

    static Goal atLeast(String what, String figures, double reached, double floor, double aim) {
        return new Goal(what, figures, reached, floor, aim, false);
    }

    static Goal atMost(String what, String figures, double reached, double most) {
        return new Goal(what, figures, reached, most, most, true);
    }

    boolean isReached() {
        return reaches(floor);
    }

    private boolean reaches(double goal) {
        return atMost ? reached <= goal : reached >= goal;
    }

    /** A row of a Markdown table. */
    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %s %.2f | %s | %s |",
                what,
                figures,
                reached,
                atMost ? "at most" : "at least",
                floor,
                atMost ? "" : String.format(Locale.ROOT, "%.2f", aim),
                reaches(aim) ? "yes" : isReached() ? "yes, below the aim" : "**no**");
    }
}
