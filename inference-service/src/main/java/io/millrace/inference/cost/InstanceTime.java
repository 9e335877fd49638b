package io.millrace.inference.cost;

import java.util.Arrays;

/**
 * What the instances of one model version did with their time. They are paid for by the clock, whatever they do, so all parts
 * together are the time that has passed, once for each instance. Any thread may call it.
 */
public final class InstanceTime {

    /**
     * What the time was spent on until some moment.
     *
     * @param answered runs whose answers were given
     * @param wasted runs that failed, or whose callers had all left, and what surrounds runs
     * @param idle nothing to do
     * @param running of batches that have not ended; it becomes one of the first two
     */
    public record Split(long answered, long wasted, long idle, long running) {

        public long total() {
            return answered + wasted + idle + running;
        }
    }

    private final boolean[] busy;
    private final long[] sinceNanos; // when the instance became busy, or idle
    private long answered;
    private long wasted;
    private long idle;

    /** @param nowNanos from when on the instances are paid for */
    public InstanceTime(int instances, long nowNanos) {
        busy = new boolean[instances];
        sinceNanos = new long[instances];
        Arrays.fill(sinceNanos, nowNanos);
    }

    /** An idle instance begins with a batch. */
    public synchronized void began(int instance, long nowNanos) {
        idle += nowNanos - sinceNanos[instance];
        sinceNanos[instance] = nowNanos;
        busy[instance] = true;
    }

    /**
     * A busy instance has ended its batch.
     *
     * @param answeredNanos how much of the time went into runs that were answered
     */
    public synchronized void ended(int instance, long nowNanos, long answeredNanos) {
        answered += answeredNanos;
        wasted += nowNanos - sinceNanos[instance] - answeredNanos;
        sinceNanos[instance] = nowNanos;
        busy[instance] = false;
    }

    public synchronized Split until(long nowNanos) {
        long stillIdle = 0;
        long running = 0;
        for (int i = 0; i < busy.length; i++) {
            if (busy[i]) {
                running += nowNanos - sinceNanos[i];
            } else {
                stillIdle += nowNanos - sinceNanos[i];
            }
        }
        return new Split(answered, wasted, idle + stillIdle, running);
    }

    /**
     * Shares the time of a run among its requests by their rows. Nothing is lost to rounding: all shares together are the
     * time.
     */
    public static long[] shares(long nanos, int... rows) {
        int all = Arrays.stream(rows).sum();
        long[] shares = new long[rows.length];
        long given = 0;
        int before = 0;
        for (int i = 0; i < rows.length; i++) {
            before += rows[i];
            long upToHere = nanos / all * before + nanos % all * before / all;
            shares[i] = upToHere - given;
            given = upToHere;
        }
        return shares;
    }
}
