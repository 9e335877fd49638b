package io.millrace.inference.cache;

import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.Cancelled;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.Overloaded;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelStatistics;
import io.millrace.inference.model.Predictor;
import io.millrace.inference.model.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the answers of one model version. The version is part of the key by being one of its own: a new version begins with
 * nothing, and an old one takes its answers with it. What a caller wants of the outputs is not part of it: an answer has all.
 *
 * <p>Requests with the same inputs that come while the first still runs wait for its answer. Where the first fails for
 * reasons of its own, because its caller left or its time is over, another takes its place.
 */
final class CachedPredictor implements Predictor {

    private final Predictor predictor;
    private final ModelDefinition definition;
    private final CacheMetrics metrics;

    private final ReentrantLock lock = new ReentrantLock();
    private final AnswerStore store; // guarded by lock
    private final Map<InputKey, Flight> flights = new HashMap<>(); // guarded by lock

    CachedPredictor(Predictor predictor, ModelDefinition definition, CacheMetrics metrics) {
        this.predictor = predictor;
        this.definition = definition;
        this.metrics = metrics;
        this.store = new AnswerStore(definition.scheduling().cacheBytes());
        metrics.bytes(this::bytes);
    }

    /** A request on its way, and those who wait for its answer. */
    private static final class Flight {

        final InputKey key;
        final int level;
        final CompletableFuture<List<Tensor>> answer = new CompletableFuture<>();
        int waiting = 1; // guarded by the cache's lock

        Flight(InputKey key, int level) {
            this.key = key;
            this.level = level;
        }
    }

    @Override
    public CompletableFuture<List<Tensor>> submit(InferenceRequest request) {
        long started = System.nanoTime();
        ModelInputs inputs = ModelInputs.of(definition, request);
        int level = definition.scheduling().level(request.priority());
        InputKey key = InputKey.of(inputs);
        Flight joined;
        Flight own;
        lock.lock();
        try {
            List<Tensor> known = store.find(key);
            if (known != null) {
                metrics.hit(System.nanoTime() - started);
                return CompletableFuture.completedFuture(known);
            }
            joined = flights.get(key);
            if (joined != null && level < joined.level) {
                // It must not wait behind a lower priority.
                metrics.missed(System.nanoTime() - started);
                return predictor.submit(request);
            }
            if (joined != null) {
                joined.waiting++;
                own = joined;
            } else {
                own = new Flight(key.kept(), level);
                flights.put(own.key, own);
            }
        } finally {
            lock.unlock();
        }
        if (joined != null) {
            metrics.joined();
            return follow(joined, request);
        }
        metrics.missed(System.nanoTime() - started);
        return lead(own, request);
    }

    private CompletableFuture<List<Tensor>> lead(Flight flight, InferenceRequest request) {
        CompletableFuture<List<Tensor>> running;
        try {
            running = predictor.submit(request);
        } catch (InferenceException refused) {
            ended(flight, null, refused);
            throw refused;
        }
        running.whenComplete((answer, error) -> ended(flight, answer, error));
        CompletableFuture<List<Tensor>> mine = new CompletableFuture<>();
        flight.answer.whenComplete((answer, error) -> complete(mine, answer, error));
        flight.answer.exceptionally(error -> {
            running.completeExceptionally(error); // the last who waited has left
            return List.of();
        });
        mine.whenComplete((_, _) -> left(flight));
        return mine;
    }

    private CompletableFuture<List<Tensor>> follow(Flight flight, InferenceRequest request) {
        CompletableFuture<List<Tensor>> mine = new CompletableFuture<>();
        flight.answer.whenComplete((answer, error) -> {
            if (mine.isDone() || !isOnlyTheLeadersOwn(error)) {
                complete(mine, answer, error);
            } else if (request.deadlineNanos() - System.nanoTime() <= 0) {
                mine.completeExceptionally(new DeadlineExceeded());
            } else {
                again(mine, request);
            }
        });
        mine.whenComplete((_, _) -> left(flight));
        return mine;
    }

    private void again(CompletableFuture<List<Tensor>> mine, InferenceRequest request) {
        try {
            CompletableFuture<List<Tensor>> next = submit(request);
            next.whenComplete((answer, error) -> complete(mine, answer, error));
            mine.whenComplete((_, error) -> {
                if (error != null) {
                    next.completeExceptionally(error);
                }
            });
        } catch (InferenceException refused) {
            mine.completeExceptionally(refused);
        }
    }

    private static boolean isOnlyTheLeadersOwn(@Nullable Throwable error) {
        return error instanceof Cancelled || error instanceof DeadlineExceeded || error instanceof Overloaded;
    }

    private static void complete(
            CompletableFuture<List<Tensor>> mine, @Nullable List<Tensor> answer, @Nullable Throwable error) {
        if (error != null) {
            mine.completeExceptionally(error);
        } else if (answer != null) {
            mine.complete(answer);
        }
    }

    private void ended(Flight flight, @Nullable List<Tensor> answer, @Nullable Throwable error) {
        lock.lock();
        try {
            flights.remove(flight.key, flight);
            if (answer != null) {
                store.put(flight.key, answer);
            }
        } finally {
            lock.unlock();
        }
        complete(flight.answer, answer, error);
    }

    /** One who waited no longer does, with or without the answer. */
    private void left(Flight flight) {
        lock.lock();
        try {
            flight.waiting--;
            if (flight.waiting > 0 || flight.answer.isDone()) {
                return;
            }
            flights.remove(flight.key, flight);
        } finally {
            lock.unlock();
        }
        flight.answer.completeExceptionally(new Cancelled());
    }

    private long bytes() {
        lock.lock();
        try {
            return store.bytes();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ModelStatistics statistics() {
        return predictor.statistics().withCache(metrics.hits(), metrics.misses());
    }

    @Override
    public void close() {
        predictor.close();
        metrics.remove();
    }
}
