package io.millrace.inference.batching;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.cost.InstanceTime;
import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.ModelNotReady;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.ModelStatistics;
import io.millrace.inference.model.Predictor;
import io.millrace.inference.model.Scheduling;
import io.millrace.inference.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gives a {@link BatchQueue} what it lacks: the clock, the lock, a timer for the deadlines, and a platform thread for each
 * instance of the model. Not a virtual thread, because the engine's native call would hold its carrier. While requests wait,
 * callers hear of their answers on other threads, so that what they do then delays no batch.
 */
final class DynamicBatcher implements Predictor {

    private final ModelDefinition definition;
    private final LoadedModel model;
    private final InstanceTime time;
    private final BatcherMetrics metrics;
    private final ScheduledExecutorService timer;
    private final Executor delivery;
    private final BytesInFlight bytes;
    private final Statistics statistics = new Statistics();
    private final List<Thread> workers = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final BatchQueue queue; // guarded by lock
    private @Nullable ScheduledFuture<?> expiry; // guarded by lock
    private long expiryNanos; // guarded by lock
    private boolean closed; // guarded by lock

    /**
     * Serves the model, and closes it in the end.
     *
     * @param runTimes taken over
     * @param delivery where futures are completed
     */
    DynamicBatcher(
            String name,
            int version,
            ModelDefinition definition,
            LoadedModel model,
            RunTimes runTimes,
            MeterRegistry meters,
            ScheduledExecutorService timer,
            Executor delivery,
            BytesInFlight bytes) {
        this.definition = definition;
        this.model = model;
        this.timer = timer;
        this.delivery = delivery;
        this.bytes = bytes;
        Scheduling scheduling = definition.scheduling();
        this.queue = new BatchQueue(scheduling, runTimes);
        this.time = new InstanceTime(scheduling.instances(), System.nanoTime());
        this.metrics = new BatcherMetrics(
                meters,
                name,
                version,
                scheduling,
                time,
                () -> read(BatchQueue::rows),
                () -> read(BatchQueue::rowsInFlight));
        for (int i = 0; i < scheduling.instances(); i++) {
            int instance = i;
            workers.add(Thread.ofPlatform()
                    .name("infer-%s-%d-%d".formatted(name, version, i))
                    .daemon()
                    .start(() -> work(instance)));
        }
    }

    @Override
    public CompletableFuture<List<Tensor>> submit(InferenceRequest request) {
        try {
            ModelInputs inputs = ModelInputs.of(definition, request);
            int level = definition.scheduling().level(request.priority());
            long now = System.nanoTime();
            var pending = new PendingRequest(inputs, level, now, request.deadlineNanos());
            long size = inputs.bytes();
            bytes.add(size);
            try {
                enqueue(pending, now);
            } catch (InferenceException refused) {
                bytes.remove(size);
                throw refused;
            }
            // For a caller who leaves; whatever else ends it tells of it first, so that who has the answer finds it
            // counted.
            pending.answer().whenComplete((_, error) -> ended(pending, error));
            return pending.answer();
        } catch (InferenceException refused) {
            metrics.ended(Outcome.of(refused));
            throw refused;
        }
    }

    private void enqueue(PendingRequest request, long nowNanos) {
        lock.lock();
        try {
            if (closed) {
                throw new ModelNotReady("this version is being unloaded; try again");
            }
            queue.offer(request, nowNanos);
            expireAt(request.deadlineNanos(), nowNanos);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Sets the timer, unless it is set for an earlier time. For the holder of the lock. */
    private void expireAt(long deadlineNanos, long nowNanos) {
        if (expiry != null && expiryNanos - deadlineNanos <= 0) {
            return;
        }
        cancelExpiry();
        try {
            expiryNanos = deadlineNanos;
            expiry = timer.schedule(this::expire, deadlineNanos - nowNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            // The process ends. Who still waits is told by the workers, or stops waiting by itself.
        }
    }

    private void cancelExpiry() {
        if (expiry != null) {
            expiry.cancel(false);
            expiry = null;
        }
    }

    /** On the timer: the instances may all be busy for long. */
    private void expire() {
        List<PendingRequest> expired;
        lock.lock();
        try {
            long now = System.nanoTime();
            expiry = null;
            expired = queue.takeExpired(now);
            OptionalLong next = queue.nextDeadlineNanos();
            if (next.isPresent()) {
                expireAt(next.getAsLong(), now);
            }
        } finally {
            lock.unlock();
        }
        refuse(expired);
    }

    private void refuse(List<PendingRequest> expired) {
        if (!expired.isEmpty()) {
            delivery.execute(() -> expired.forEach(request -> fail(request, new DeadlineExceeded())));
        }
    }

    private void complete(PendingRequest request, List<Tensor> answer) {
        ended(request, null);
        request.answer().complete(answer);
    }

    private void fail(PendingRequest request, InferenceException why) {
        ended(request, why);
        request.answer().completeExceptionally(why);
    }

    private void ended(PendingRequest request, @Nullable Throwable error) {
        if (!request.end()) {
            return;
        }
        bytes.remove(request.inputs().bytes());
        Outcome outcome = error instanceof InferenceException known ? Outcome.of(known) : Outcome.ANSWERED;
        metrics.ended(outcome);
        long nanos = System.nanoTime() - request.enqueuedNanos();
        if (outcome == Outcome.ANSWERED) {
            statistics.answered(nanos, System.currentTimeMillis());
        } else {
            statistics.failed(nanos);
        }
        if (outcome == Outcome.CANCELLED || outcome == Outcome.DEADLINE_EXCEEDED) {
            lock.lock();
            try {
                queue.remove(request);
            } finally {
                lock.unlock();
            }
        }
    }

    private void work(int number) {
        try (ModelInstance instance = model.newInstance()) {
            var delivered = new Delivery();
            var batches = new BatchRun(instance, System::nanoTime, delivered);
            while (true) {
                switch (awaitNext()) {
                    case Next.Run run -> {
                        metrics.closed(run.reason());
                        time.began(number, System.nanoTime());
                        batches.run(run.batch());
                        ended(run);
                        time.ended(number, System.nanoTime(), delivered.takeAnsweredNanos());
                    }
                    case Next.Drop(List<PendingRequest> expired) -> refuse(expired);
                    case Next.Wait _, Next.Idle _ -> {
                        return;
                    }
                }
            }
        }
    }

    private void ended(Next.Run run) {
        lock.lock();
        try {
            queue.ended(run);
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until there is something to do. After closing, it ends with {@link Next.Idle} when all is done. */
    private Next awaitNext() {
        lock.lock();
        try {
            while (true) {
                Next next = queue.next(System.nanoTime());
                switch (next) {
                    case Next.Run _, Next.Drop _ -> {
                        if (!queue.isEmpty()) {
                            changed.signal();
                        }
                        return next;
                    }
                    case Next.Wait(var atMost) -> changed.awaitNanos(atMost.toNanos());
                    case Next.Idle _ -> {
                        if (closed) {
                            return next;
                        }
                        changed.await();
                    }
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts an instance's thread", e);
        } finally {
            lock.unlock();
        }
    }

    /** Counts what ran, and hands the answers over. */
    private final class Delivery implements BatchRun.Ends {

        private long answeredNanos;

        /** The time of answered runs since it was last asked. */
        long takeAnsweredNanos() {
            long taken = answeredNanos;
            answeredNanos = 0;
            return taken;
        }

        @Override
        public void ran(List<PendingRequest> batch, BatchResult result, long startedNanos) {
            long nanos = result.copyInNanos() + result.computeNanos() + result.copyOutNanos();
            answeredNanos += nanos;
            metrics.ran(batch, result, startedNanos, nanos);
            statistics.ran(batch, result, startedNanos);
            int rows = 0;
            for (PendingRequest request : batch) {
                rows += request.rows();
            }
            boolean nobodyWaits;
            lock.lock();
            try {
                queue.observed(rows, nanos);
                nobodyWaits = queue.isEmpty();
            } finally {
                lock.unlock();
            }
            if (nobodyWaits) {
                // The thread would only go to sleep, and another take as long to wake up as a small model to run.
                hand(batch, result);
            } else {
                delivery.execute(() -> hand(batch, result));
            }
        }

        private void hand(List<PendingRequest> batch, BatchResult result) {
            for (int i = 0; i < batch.size(); i++) {
                complete(batch.get(i), result.answers().get(i));
            }
        }

        @Override
        public void failed(PendingRequest request, InferenceException why) {
            delivery.execute(() -> fail(request, why));
        }
    }

    @Override
    public ModelStatistics statistics() {
        return statistics.read();
    }

    private int read(ToIntFunction<BatchQueue> value) {
        lock.lock();
        try {
            return value.applyAsInt(queue);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            queue.drain();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        // Only when no batch runs any more may the model's memory be freed.
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        lock.lock();
        try {
            cancelExpiry();
        } finally {
            lock.unlock();
        }
        model.close();
        metrics.remove();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
