package io.millrace.inference.batching;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.InferenceException.ModelNotReady;
import io.millrace.inference.model.InferenceException.QueueFull;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.ModelStatistics;
import io.millrace.inference.model.Predictor;
import io.millrace.inference.model.Scheduling;
import io.millrace.inference.model.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives a {@link BatchQueue} what it lacks: the clock, the lock, and a platform thread for each instance of the model. Not a
 * virtual thread, because the engine's native call would hold its carrier.
 */
public final class DynamicBatcher implements Predictor {

    private final ModelDefinition definition;
    private final LoadedModel model;
    private final BatcherMetrics metrics;
    private final Statistics statistics = new Statistics();
    private final List<Thread> workers = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final BatchQueue queue; // guarded by lock
    private boolean closed; // guarded by lock

    /** Serves the model, and closes it in the end. */
    public DynamicBatcher(
            String name, int version, ModelDefinition definition, LoadedModel model, MeterRegistry meters) {
        this.definition = definition;
        this.model = model;
        Scheduling scheduling = definition.scheduling();
        this.queue = new BatchQueue(scheduling.maxBatchSize(), scheduling.maxQueueDelay(), scheduling.maxQueueRows());
        this.metrics = new BatcherMetrics(meters, name, version, this::queueRows);
        for (int i = 0; i < scheduling.instances(); i++) {
            workers.add(Thread.ofPlatform()
                    .name("infer-%s-%d-%d".formatted(name, version, i))
                    .daemon()
                    .start(this::work));
        }
    }

    @Override
    public CompletableFuture<List<Tensor>> submit(InferenceRequest request) {
        try {
            ModelInputs inputs = ModelInputs.of(definition, request);
            var pending = new PendingRequest(inputs, System.nanoTime(), request.deadlineNanos());
            enqueue(pending);
            pending.answer().whenComplete((_, error) -> ended(pending, error));
            return pending.answer();
        } catch (InferenceException refused) {
            metrics.ended(Outcome.of(refused));
            throw refused;
        }
    }

    private void enqueue(PendingRequest request) {
        lock.lock();
        try {
            if (closed) {
                throw new ModelNotReady("this version is being unloaded; try again");
            }
            if (!queue.offer(request)) {
                throw new QueueFull(
                        "%d rows wait already and %d more do not fit; try again later, or send fewer"
                                .formatted(queue.rows(), request.rows()),
                        Duration.ofSeconds(1));
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void ended(PendingRequest request, @Nullable Throwable error) {
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

    private void work() {
        try (ModelInstance instance = model.newInstance()) {
            while (true) {
                switch (awaitNext()) {
                    case Next.Run(List<PendingRequest> batch) -> {
                        metrics.started(batch, System.nanoTime());
                        run(instance, batch);
                    }
                    case Next.Drop(List<PendingRequest> expired) ->
                        expired.forEach(request -> request.answer().completeExceptionally(new DeadlineExceeded()));
                    case Next.Wait _, Next.Idle _ -> {
                        return;
                    }
                }
            }
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

    private void run(ModelInstance instance, List<PendingRequest> batch) {
        long started = System.nanoTime();
        try {
            BatchResult result =
                    instance.run(batch.stream().map(PendingRequest::inputs).toList());
            metrics.computed(result.computeNanos());
            statistics.ran(batch, result, started);
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(result.answers().get(i));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            // Whatever the engine throws must neither end the thread that serves the model nor fail the neighbours.
            if (batch.size() > 1) {
                batch.forEach(request -> run(instance, List.of(request)));
            } else {
                batch.getFirst().answer().completeExceptionally(failure(e));
            }
        }
    }

    private static InferenceException failure(Throwable error) {
        return error instanceof InferenceException known
                ? known
                : new ExecutionFailed("the model failed on these inputs: " + error, error);
    }

    @Override
    public ModelStatistics statistics() {
        return statistics.read();
    }

    private int queueRows() {
        lock.lock();
        try {
            return queue.rows();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
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
        model.close();
        metrics.remove();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
