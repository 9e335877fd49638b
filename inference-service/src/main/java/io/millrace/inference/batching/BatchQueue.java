package io.millrace.inference.batching;

import io.millrace.inference.model.InferenceException.QueueFull;
import io.millrace.inference.model.InferenceException.WouldBeLate;
import io.millrace.inference.model.Scheduling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may wait, and which requests run together. It has no thread, no clock and no lock; times are on the scale of
 * {@link System#nanoTime}.
 *
 * <p>An instance that asks takes at once what is there, so batches form while instances are busy. Only with a maximum delay
 * is a batch held back, and then only while requests come so fast that another is to be expected in that time.
 *
 * <p>Requests of one priority leave in the order in which they came. Each level gets rows by its weight, four times those of
 * the next lower one, whenever it has any waiting: the highest is served first, and the lowest is served.
 */
final class BatchQueue {

    private static final double STEP = 4;

    /**
     * The share of a request's time that may pass, as far as can be told, until it has run. Of those who are let in up to the
     * last moment, every disturbance makes some late, and their work is done for nobody.
     */
    private static final double TIME_TO_USE = 0.75;

    /** How much of the time between the last two arrivals is believed. */
    private static final double BELIEVED = 0.2;

    private static final double NEVER = Double.MAX_VALUE;

    private final Scheduling scheduling;
    private final RunTimes runTimes;
    private final List<Level> levels = new ArrayList<>(); // the highest first
    private final PriorityQueue<PendingRequest> deadlines = new PriorityQueue<>(byDeadline());
    private final List<Next.Run> running = new ArrayList<>();

    private int live;
    private int rows;
    private double served; // what the level had that was served last
    private double arrivalNanos = NEVER; // between two requests
    private @Nullable PendingRequest newest;
    private boolean draining;

    BatchQueue(Scheduling scheduling, RunTimes runTimes) {
        this.scheduling = scheduling;
        this.runTimes = runTimes;
        for (int level = 1; level <= scheduling.priorityLevels(); level++) {
            levels.add(new Level(Math.pow(STEP, scheduling.priorityLevels() - level)));
        }
    }

    private static Comparator<PendingRequest> byDeadline() {
        // By their difference: the clock may wrap.
        return (a, b) -> Long.signum(a.deadlineNanos() - b.deadlineNanos());
    }

    /** Rows that wait. */
    int rows() {
        return rows;
    }

    /** Rows that wait or run. */
    int rowsInFlight() {
        int all = rows;
        for (Next.Run run : running) {
            all += run.rows();
        }
        return all;
    }

    boolean isEmpty() {
        return live == 0;
    }

    /**
     * Takes the request.
     *
     * @throws QueueFull if there is no room for its rows
     * @throws WouldBeLate if those before it will take longer than it can wait
     */
    void offer(PendingRequest request, long nowNanos) {
        if (request.rows() > scheduling.maxQueueRows() - rows) {
            throw new QueueFull(
                    "%d rows wait already and %d more do not fit; try again later, or send fewer"
                            .formatted(rows, request.rows()),
                    Duration.ofNanos(runTimes.nanos(request.rows()) + nanosAhead(rows)));
        }
        long needed = neededNanos(request, nowNanos);
        long usable = (long) (TIME_TO_USE * (request.deadlineNanos() - nowNanos));
        if (needed > 0 && needed > usable) {
            throw new WouldBeLate(
                    "%d rows wait already and would keep this request for %d ms, too long for its deadline; try again later"
                            .formatted(rows, Duration.ofNanos(needed).toMillis()),
                    Duration.ofNanos(needed - usable));
        }
        if (newest != null) {
            long since = request.enqueuedNanos() - newest.enqueuedNanos();
            arrivalNanos = arrivalNanos == NEVER ? since : arrivalNanos + BELIEVED * (since - arrivalNanos);
        }
        newest = request;
        Level level = level(request);
        if (level.isEmpty()) {
            // What it did not want while it was empty is not owed to it.
            level.served(Math.max(level.served(), served));
        }
        request.waiting(true);
        level.add(request);
        deadlines.add(request);
        rows += request.rows();
        live++;
    }

    private Level level(PendingRequest request) {
        return levels.get(request.level() - 1);
    }

    /** How long it would take until the request has run; 0 if it would run at once. */
    private long neededNanos(PendingRequest request, long nowNanos) {
        boolean anIdleOne = running.size() < scheduling.instances();
        if (anIdleOne && rows == 0) {
            // However wrong the prediction is: it is corrected only by what runs.
            return 0;
        }
        long untilIdle = anIdleOne ? 0 : Long.MAX_VALUE;
        for (Next.Run run : running) {
            untilIdle = Math.min(untilIdle, Math.max(0, run.expectedEndNanos() - nowNanos));
        }
        return untilIdle + nanosAhead(rowsAhead(request)) + runTimes.nanos(request.rows());
    }

    private long nanosAhead(double ahead) {
        int best = runTimes.bestBatchSize();
        return (long) (ahead * runTimes.nanos(best) / best / scheduling.instances());
    }

    /** The rows that run before the request: its level's own, and those that other levels get meanwhile. */
    private double rowsAhead(PendingRequest request) {
        Level own = level(request);
        double weights = own.weight();
        for (Level level : levels) {
            weights += level != own && !level.isEmpty() ? level.weight() : 0;
        }
        return Math.min(rows, (own.rows() + request.rows()) * weights / own.weight());
    }

    /** Gives up a request, if it still waits. */
    boolean remove(PendingRequest request) {
        if (!request.isWaiting()) {
            return false;
        }
        leave(request);
        return true;
    }

    private void leave(PendingRequest request) {
        request.waiting(false);
        rows -= request.rows();
        live--;
        level(request).left(request);
        dropGone();
        if (deadlines.size() > 2 * live + 64) {
            deadlines.removeIf(gone -> !gone.isWaiting());
        }
    }

    private void dropGone() {
        for (PendingRequest first = deadlines.peek(); first != null && !first.isWaiting(); first = deadlines.peek()) {
            deadlines.remove();
        }
    }

    /** Nobody else will come: from now on no batch is held back. */
    void drain() {
        draining = true;
    }

    /** When the first of those that wait expires. */
    OptionalLong nextDeadlineNanos() {
        PendingRequest first = deadlines.peek();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.deadlineNanos());
    }

    /** Gives up those whose deadline has passed. */
    List<PendingRequest> takeExpired(long nowNanos) {
        List<PendingRequest> expired = new ArrayList<>();
        for (PendingRequest first = deadlines.peek();
                first != null && first.deadlineNanos() - nowNanos <= 0;
                first = deadlines.peek()) {
            leave(first);
            expired.add(first);
        }
        return expired;
    }

    Next next(long nowNanos) {
        List<PendingRequest> expired = takeExpired(nowNanos);
        if (!expired.isEmpty()) {
            return new Next.Drop(expired);
        }
        if (live == 0) {
            return new Next.Idle();
        }
        Draft draft = new Draft();
        CloseReason reason = draft.reason;
        if (reason == null) {
            long held = draft.holdNanos(nowNanos);
            if (held > 0) {
                return new Next.Wait(Duration.ofNanos(held));
            }
            reason = draft.whyNow(nowNanos);
        }
        draft.batch.forEach(this::leave);
        for (int i = 0; i < levels.size(); i++) {
            levels.get(i).served(draft.levelServed[i]);
        }
        served = draft.lastServed;
        var run = new Next.Run(draft.batch, reason, nowNanos + runTimes.nanos(draft.rows));
        running.add(run);
        return run;
    }

    /** The instance that had taken it is idle again. */
    void ended(Next.Run run) {
        running.removeIf(each -> each == run);
    }

    /** So many rows ran together, for so long. */
    void observed(int together, long nanos) {
        runTimes.observed(together, nanos);
    }

    /** The batch that would run now. */
    private final class Draft {

        final List<PendingRequest> batch = new ArrayList<>();
        final double[] levelServed = new double[levels.size()];
        int rows;
        double lastServed = served;

        /** Why nothing can be added to it, if so. */
        @Nullable
        CloseReason reason;

        private long earliestDeadlineNanos;
        private long oldestNanos;

        Draft() {
            List<Iterator<PendingRequest>> lines = new ArrayList<>();
            @Nullable PendingRequest[] firsts = new PendingRequest[levels.size()];
            for (int i = 0; i < firsts.length; i++) {
                levelServed[i] = levels.get(i).served();
                lines.add(levels.get(i).iterator());
                firsts[i] = following(lines.get(i));
            }
            while (rows < runTimes.bestBatchSize()) {
                int chosen = leastServed(firsts);
                PendingRequest request = chosen < 0 ? null : firsts[chosen];
                if (request == null) {
                    return;
                }
                if (fits(request)) {
                    add(request);
                    lastServed = levelServed[chosen];
                    levelServed[chosen] += request.rows() / levels.get(chosen).weight();
                    firsts[chosen] = following(lines.get(chosen));
                } else {
                    // Its level stops here: taking smaller ones from behind could starve it. It is first the next time.
                    firsts[chosen] = null;
                }
            }
            reason = CloseReason.FULL;
        }

        private int leastServed(@Nullable PendingRequest[] firsts) {
            int least = -1;
            for (int i = 0; i < firsts.length; i++) {
                if (firsts[i] != null && (least < 0 || levelServed[i] < levelServed[least])) {
                    least = i;
                }
            }
            return least;
        }

        private boolean fits(PendingRequest request) {
            if (batch.isEmpty()) {
                return true;
            }
            if (rows + request.rows() > scheduling.maxBatchSize()) {
                reason = CloseReason.FULL;
                return false;
            }
            if (!request.inputs().sameRowShapes(batch.getFirst().inputs())) {
                reason = reason == null ? CloseReason.SHAPE : reason;
                return false;
            }
            return true;
        }

        private void add(PendingRequest request) {
            if (batch.isEmpty() || request.deadlineNanos() - earliestDeadlineNanos < 0) {
                earliestDeadlineNanos = request.deadlineNanos();
            }
            if (batch.isEmpty() || request.enqueuedNanos() - oldestNanos < 0) {
                oldestNanos = request.enqueuedNanos();
            }
            batch.add(request);
            rows += request.rows();
        }

        private @Nullable PendingRequest following(Iterator<PendingRequest> line) {
            while (line.hasNext()) {
                PendingRequest request = line.next();
                if (request.isWaiting()) {
                    return request;
                }
            }
            return null;
        }

        /** How long it may be held back for company, if company is to be expected. */
        long holdNanos(long nowNanos) {
            long most = Math.min(delayLeft(nowNanos), timeLeft(nowNanos));
            return !draining && arrivalNanos < most ? most : 0;
        }

        CloseReason whyNow(long nowNanos) {
            if (scheduling.maxQueueDelay().isZero()) {
                return CloseReason.IDLE;
            }
            if (delayLeft(nowNanos) <= 0) {
                return CloseReason.DELAY;
            }
            return timeLeft(nowNanos) <= 0 ? CloseReason.DEADLINE : CloseReason.IDLE;
        }

        private long delayLeft(long nowNanos) {
            return oldestNanos + scheduling.maxQueueDelay().toNanos() - nowNanos;
        }

        /** Until it must run so as to end before its earliest deadline. */
        private long timeLeft(long nowNanos) {
            return earliestDeadlineNanos - runTimes.nanos(rows) - nowNanos;
        }
    }
}
