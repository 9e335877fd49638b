package io.millrace.starter.loop;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named thread that runs the same round again and again until it is stopped. A round that fails, in whatever way, is
 * tried again after a pause that grows to {@link #LONGEST_PAUSE}: a neighbour may be away for as long as it likes, and
 * what depends on it goes on within seconds of its return. An outage is logged once, and once more when it is over.
 *
 * <p>A round that returns has worked; one that never returns by itself says so with {@link #worked}, and looks at
 * {@link #isWanted} between its steps. Can be started again after it was stopped.
 */
public final class SupervisedLoop {

    /** The longest time between two attempts. */
    public static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(SupervisedLoop.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final String name;
    private final Round round;
    private volatile @Nullable Thread thread;
    private @Nullable Thread last; // it may be ending still
    private boolean failing; // of the loop's own thread
    private Duration pause = FIRST_PAUSE;

    /**
     * A loop that is not running yet.
     *
     * @param name of the thread and in the log
     */
    public SupervisedLoop(String name, Round round) {
        this.name = name;
        this.round = round;
    }

    /** What is done again and again; it paces itself. */
    @FunctionalInterface
    public interface Round {

        /**
         * Does it once.
         *
         * @throws Exception if it did not work this time
         */
        void run() throws Exception;
    }

    /** Starts the thread. */
    public synchronized void start() {
        if (thread == null) {
            Thread started = Thread.ofPlatform().name(name).daemon().unstarted(this::loop);
            thread = started;
            last = started;
            started.start();
        }
    }

    private void loop() {
        while (isWanted()) {
            try {
                round.run();
                worked();
                if (isWanted() && Thread.interrupted()) {
                    log.atDebug().addKeyValue("loop", name).log("an interrupt that was no stop");
                }
            } catch (Throwable e) { // a thread that ended of it would leave its work undone, and nobody would know
                failed(e);
            }
        }
    }

    private void failed(Throwable e) {
        if (!isWanted()) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // not by stop: it would make the next wait fail as well
        if (!failing) {
            failing = true;
            var line = e instanceof Error ? log.atError() : log.atWarn();
            line.addKeyValue("loop", name)
                    .addKeyValue("interrupted", interrupted)
                    .setCause(e)
                    .log("loop failed; trying again until it works");
        }
        sleep(pause);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    /** Says that an outage, if there was one, is over. Only for the loop's own thread. */
    public void worked() {
        pause = FIRST_PAUSE;
        if (failing) {
            failing = false;
            log.atInfo().addKeyValue("loop", name).log("loop works again");
        }
    }

    /** Waits, but no longer than the loop is wanted. Only for the loop's own thread. */
    public synchronized void sleep(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            for (long left = atMost.toNanos(); isWanted() && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this round's thread is to go on. Only for the loop's own thread. */
    public boolean isWanted() {
        return thread == Thread.currentThread();
    }

    /** Whether the loop was started and not stopped. */
    public boolean isRunning() {
        return thread != null;
    }

    /** Ends the loop as soon as its round looks at {@link #isWanted} or returns, and does not wait for that. */
    public void end() {
        ended();
    }

    private synchronized @Nullable Thread ended() {
        thread = null;
        notifyAll();
        return last;
    }

    /**
     * Ends the loop, interrupting its round, and waits for that.
     *
     * @return whether it has ended in this time
     */
    public boolean stop(Duration atMost) {
        return end(atMost, true);
    }

    /**
     * Ends the loop as soon as its round looks at {@link #isWanted} or returns, and waits for that. For rounds that an
     * interrupt could harm.
     *
     * @return whether it has ended in this time
     */
    public boolean stopGently(Duration atMost) {
        return end(atMost, false);
    }

    private boolean end(Duration atMost, boolean interrupt) {
        Thread ended = ended();
        if (ended == null) {
            return true;
        }
        if (interrupt) {
            ended.interrupt();
        }
        try {
            return ended.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
