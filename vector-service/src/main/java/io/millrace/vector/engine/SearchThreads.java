package io.millrace.vector.engine;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The few platform threads that search: one per core, because a search is all computation. Callers wait on threads of
 * their own, which may be virtual.
 */
public final class SearchThreads implements AutoCloseable {

    private final ThreadPoolExecutor threads;

    /**
     * @param count threads
     * @param queue searches that may wait for one
     */
    public SearchThreads(int count, int queue) {
        this.threads = new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                Thread.ofPlatform().name("search-", 0).daemon().factory());
        this.threads.prestartAllCoreThreads();
    }

    /**
     * What the search finds.
     *
     * @throws VectorException.Overloaded if too many wait already
     * @throws VectorException.DeadlineExceeded if the deadline passes first
     */
    public <T> T call(Deadline deadline, Callable<T> search) {
        Future<T> found;
        try {
            found = threads.submit(() -> {
                deadline.check();
                return search.call();
            });
        } catch (RejectedExecutionException e) {
            throw new VectorException.Overloaded();
        }
        try {
            return found.get(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            found.cancel(false);
            throw new VectorException.DeadlineExceeded();
        } catch (InterruptedException e) {
            found.cancel(false);
            Thread.currentThread().interrupt();
            throw new VectorException.DeadlineExceeded();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a search failed", e.getCause());
        }
    }

    /** Searches that wait for a thread. */
    public int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
