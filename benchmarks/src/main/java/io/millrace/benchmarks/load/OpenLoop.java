package io.millrace.benchmarks.load;

import io.millrace.benchmarks.storefront.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Sends each request at its time, however many are still unanswered. The latency counts from when a request was to be sent,
 * so what waits in this program or for a connection is not left out.
 */
final class OpenLoop {

    /** An answer and its latency. */
    record Observed(Answer answer, long nanos) {}

    private OpenLoop() {}

    /** @param ask sends the request of that number and waits for its answer */
    static List<Observed> run(Arrivals arrivals, IntFunction<Answer> ask) throws InterruptedException {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Observed>>();
            long start = System.nanoTime();
            for (int i = 0; i < arrivals.nanos().length; i++) {
                int request = i;
                long due = start + arrivals.nanos()[i];
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
                answers.add(callers.submit(() -> new Observed(ask.apply(request), System.nanoTime() - due)));
            }
            var observed = new ArrayList<Observed>();
            for (Future<Observed> each : answers) {
                observed.add(each.get());
            }
            return observed;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a caller failed", e.getCause());
        }
    }
}
