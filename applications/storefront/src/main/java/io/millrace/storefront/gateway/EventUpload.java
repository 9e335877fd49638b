package io.millrace.storefront.gateway;

import io.millrace.wire.Event;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends many events through the public API: full requests, a few at once, again when the system is busy. Event ids make
 * a repeated request harmless.
 */
public final class EventUpload implements AutoCloseable {

    private static final int REQUEST_EVENTS = 500;
    private static final int REQUESTS_AT_ONCE = 4;
    private static final int TRIES = 30;
    private static final int PROGRESS_EVENTS = 50_000;
    private static final int SHOWN_REJECTIONS = 5;

    private final Gateway gateway;
    private final Consumer<String> progress;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free = new Semaphore(REQUESTS_AT_ONCE);
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private List<Event> request = new ArrayList<>(REQUEST_EVENTS);

    private long accepted;
    private long duplicates;
    private long rejected;

    public EventUpload(Gateway gateway, Consumer<String> progress) {
        this.gateway = gateway;
        this.progress = progress;
    }

    /** Takes an event to be sent; waits while too many requests are on their way. */
    public void add(Event event) throws IOException, InterruptedException {
        request.add(event);
        if (request.size() == REQUEST_EVENTS) {
            flush();
        }
    }

    /** Waits until everything is sent. */
    public void finish() throws IOException, InterruptedException {
        flush();
        free.acquire(REQUESTS_AT_ONCE);
        free.release(REQUESTS_AT_ONCE);
        throwFailure();
    }

    public synchronized long accepted() {
        return accepted;
    }

    /** Events that were sent before, by their id. */
    public synchronized long duplicates() {
        return duplicates;
    }

    public synchronized long rejected() {
        return rejected;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void flush() throws IOException, InterruptedException {
        throwFailure();
        if (request.isEmpty()) {
            return;
        }
        List<Event> full = request;
        request = new ArrayList<>(REQUEST_EVENTS);
        free.acquire();
        threads.execute(() -> {
            try {
                count(send(full));
            } catch (IOException e) {
                failure.compareAndSet(null, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                free.release();
            }
        });
    }

    private Gateway.Receipt send(List<Event> events) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return gateway.send(events);
            } catch (Gateway.Busy e) {
                if (tries == TRIES) {
                    throw e;
                }
                Thread.sleep(e.after());
            } catch (ConnectException e) {
                if (tries == TRIES) {
                    throw new IOException("the gateway does not answer", e);
                }
                Thread.sleep(Duration.ofSeconds(1));
            }
        }
    }

    private synchronized void count(Gateway.Receipt receipt) {
        long before = accepted + duplicates;
        accepted += receipt.accepted();
        duplicates += receipt.duplicates();
        for (String one : receipt.rejected()) {
            if (rejected++ < SHOWN_REJECTIONS) {
                progress.accept("rejected " + one);
            }
        }
        long after = accepted + duplicates;
        if (before / PROGRESS_EVENTS != after / PROGRESS_EVENTS) {
            progress.accept("%,d events sent".formatted(after));
        }
    }

    private void throwFailure() throws IOException {
        IOException first = failure.get();
        if (first != null) {
            throw new IOException("sending events failed: " + first.getMessage(), first);
        }
    }
}
