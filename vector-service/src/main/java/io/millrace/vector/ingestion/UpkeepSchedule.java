package io.millrace.vector.ingestion;

import java.time.Duration;

/**
 * When to refresh and when to commit. A refresh waits until the last one is an interval ago, and longer after one that
 * was expensive, so that a bulk load is not chopped into tiny segments; never longer than {@link #LONGEST_PAUSE}.
 */
final class UpkeepSchedule {

    static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final int PAUSE_PER_COST = 10;
    private static final Duration IDLE = Duration.ofMillis(500);

    private final long refreshNanos;
    private final long commitNanos;
    private boolean refreshNeeded;
    private boolean commitNeeded;
    private long nextRefresh;
    private long nextCommit;

    UpkeepSchedule(Duration refreshInterval, Duration commitInterval, long now) {
        this.refreshNanos = refreshInterval.toNanos();
        this.commitNanos = commitInterval.toNanos();
        this.nextRefresh = now;
        this.nextCommit = now + commitNanos;
    }

    /** A record was read; {@code changed} says whether an index has changed with it. */
    void read(boolean changed) {
        commitNeeded = true;
        refreshNeeded |= changed;
    }

    boolean isRefreshNeeded() {
        return refreshNeeded;
    }

    boolean refreshDue(long now) {
        return refreshNeeded && now - nextRefresh >= 0;
    }

    void refreshed(long start, long end) {
        refreshNeeded = false;
        long pause = Math.max(refreshNanos, PAUSE_PER_COST * (end - start));
        nextRefresh = end + Math.min(pause, LONGEST_PAUSE.toNanos());
    }

    boolean commitDue(long now) {
        return commitNeeded && now - nextCommit >= 0;
    }

    void committed(long end) {
        commitNeeded = false;
        nextCommit = end + commitNanos;
    }

    /** How long to wait for records before the next refresh is due. */
    Duration idle(long now) {
        return refreshNeeded ? Duration.ofNanos(Math.clamp(nextRefresh - now, 0, IDLE.toNanos())) : IDLE;
    }
}
