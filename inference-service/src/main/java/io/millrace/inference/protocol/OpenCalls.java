package io.millrace.inference.protocol;

import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the calls that nobody waits for when their time is over: soon after it, since most are answered before anybody looks.
 * A timer for each would wake up a thread for each. Those that wait for a batch hear of it from the batcher, on time.
 */
final class OpenCalls implements SmartLifecycle {

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Map<CompletableFuture<List<Tensor>>, Long> deadlines = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService thread;

    /** @param deadlineNanos when it has to be done, by the system's clock */
    void add(CompletableFuture<List<Tensor>> call, long deadlineNanos) {
        deadlines.put(call, deadlineNanos);
    }

    void remove(CompletableFuture<List<Tensor>> call) {
        deadlines.remove(call);
    }

    void end(long nowNanos) {
        deadlines.forEach((call, deadline) -> {
            if (deadline - nowNanos <= 0) {
                call.completeExceptionally(new DeadlineExceeded());
            }
        });
    }

    @Override
    public synchronized void start() {
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("infer-deadlines").daemon().factory());
        thread.scheduleWithFixedDelay(
                () -> end(System.nanoTime()), LOOK.toNanos(), LOOK.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.close();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Before the servers start, and after they have stopped. */
    @Override
    public int getPhase() {
        return 0;
    }
}
