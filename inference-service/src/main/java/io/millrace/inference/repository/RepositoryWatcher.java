package io.millrace.inference.repository;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Scans the repository again and again, on one platform thread: loading a model is native work. */
final class RepositoryWatcher implements SmartLifecycle {

    private final ModelRepository repository;
    private final Duration interval;
    private @Nullable ScheduledExecutorService thread;

    RepositoryWatcher(ModelRepository repository, Duration interval) {
        this.repository = repository;
        this.interval = interval;
    }

    @Override
    public synchronized void start() {
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("model-repository").daemon().factory());
        thread.scheduleWithFixedDelay(repository::scan, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns when no scan runs any more. */
    @Override
    public synchronized void stop() {
        if (thread != null) {
            ExecutorService stopping = thread;
            thread = null;
            stopping.close();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Stops after the servers, whose last requests still need the models. */
    @Override
    public int getPhase() {
        return 0;
    }
}
