package io.millrace.inference.repository;

import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.ModelNotReady;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Scans the repository again and again, on one platform thread: loading a model is native work. */
final class RepositoryWatcher implements SmartLifecycle {

    private final Optional<RepositorySource> source;
    private final ModelRepository repository;
    private final Duration interval;
    private @Nullable ScheduledExecutorService thread;

    /** @param source what the repository's folder is a copy of */
    RepositoryWatcher(Optional<RepositorySource> source, ModelRepository repository, Duration interval) {
        this.source = source;
        this.repository = repository;
        this.interval = interval;
    }

    /** Does something between two scans, and returns or fails as it does. */
    void run(Runnable action) {
        ExecutorService running;
        synchronized (this) {
            running = thread;
        }
        if (running == null) {
            throw new ModelNotReady("the service is starting or stopping; try again");
        }
        try {
            running.submit(action).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof InferenceException known ? known : new IllegalStateException(e.getCause());
        } catch (RejectedExecutionException | InterruptedException _) {
            throw new ModelNotReady("the service is stopping; ask another one");
        }
    }

    @Override
    public synchronized void start() {
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("model-repository").daemon().factory());
        thread.scheduleWithFixedDelay(this::scan, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void scan() {
        source.ifPresent(RepositorySource::sync);
        repository.scan();
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
