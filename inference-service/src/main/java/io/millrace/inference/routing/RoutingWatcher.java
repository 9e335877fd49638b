package io.millrace.inference.routing;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Reads the routing table again and again; the first time before the servers start. */
final class RoutingWatcher implements SmartLifecycle {

    private final RoutingFile file;
    private final Duration interval;
    private @Nullable ScheduledExecutorService thread;

    RoutingWatcher(RoutingFile file, Duration interval) {
        this.file = file;
        this.interval = interval;
    }

    @Override
    public synchronized void start() {
        file.read();
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("model-routing").daemon().factory());
        thread.scheduleWithFixedDelay(file::read, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
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

    @Override
    public int getPhase() {
        return 0;
    }
}
