package io.millrace.vector.engine;

import java.time.Duration;

/**
 * A point in time after which an answer is worth nothing.
 *
 * @param nanoTime on the clock of {@link System#nanoTime()}
 */
public record Deadline(long nanoTime) {

    /** The deadline of a request that starts now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** What is left in nanoseconds, negative when it has passed. */
    public long remainingNanos() {
        return nanoTime - System.nanoTime();
    }

    boolean passed() {
        return remainingNanos() <= 0;
    }

    void check() {
        if (passed()) {
            throw new VectorException.DeadlineExceeded();
        }
    }
}
