package io.millrace.inference.protocol;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Tensor;
import io.millrace.inference.repository.Lease;
import io.millrace.inference.repository.ModelRepository;
import io.millrace.inference.routing.RoutingMeter;
import io.millrace.inference.routing.Target;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Runs copies of requests on versions that are on trial, one at a time and after their callers have been answered. Copies wait
 * in a queue of their own, and what does not fit into it is dropped: no request ever waits for one.
 */
final class Shadows implements SmartLifecycle {

    private static final int MOST_COPIES = 256;
    private static final long MOST_BYTES = 32 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final double TOLERANCE = 1e-4; // of the larger of two values, and of one

    private enum Outcome {
        SAME,
        DIFFERENT,
        FAILED,
        DROPPED
    }

    /** @param answered what the caller got */
    private record Copy(Target target, InferenceRequest request, List<Tensor> answered) {
        long bytes() {
            return request.inputs().stream()
                    .mapToLong(tensor -> tensor.data().remaining())
                    .sum();
        }
    }

    private final ModelRepository repository;
    private final MeterRegistry meters;
    private final BlockingQueue<Copy> copies = new ArrayBlockingQueue<>(MOST_COPIES);
    private final AtomicLong bytes = new AtomicLong();
    private volatile @Nullable Thread thread;

    Shadows(ModelRepository repository, MeterRegistry meters) {
        this.repository = repository;
        this.meters = meters;
    }

    /** Takes a copy, or drops it. Never blocks. */
    void offer(Target target, InferenceRequest request, List<Tensor> answered) {
        var copy = new Copy(target, request, answered);
        if (bytes.addAndGet(copy.bytes()) > MOST_BYTES || !copies.offer(copy)) {
            bytes.addAndGet(-copy.bytes());
            count(target, Outcome.DROPPED);
        }
    }

    private void work() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Copy copy = copies.take();
                bytes.addAndGet(-copy.bytes());
                count(copy.target(), run(copy));
            }
        } catch (InterruptedException _) {
            // the service stops; what still waits is for nobody
        }
    }

    private Outcome run(Copy copy) throws InterruptedException {
        try (Lease lease =
                repository.acquire(copy.target().model(), copy.target().version())) {
            // The caller's deadline has no say here: the caller has been answered.
            var request = new InferenceRequest(
                    copy.request().inputs(),
                    copy.request().signature(),
                    lease.version().definition().scheduling().priorityLevels(), // the lowest
                    System.nanoTime() + PATIENCE.toNanos());
            List<Tensor> outputs =
                    lease.version().predictor().submit(request).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            return copy.answered().stream().allMatch(answer -> isIn(outputs, answer))
                    ? Outcome.SAME
                    : Outcome.DIFFERENT;
        } catch (InferenceException | ExecutionException | TimeoutException _) {
            return Outcome.FAILED;
        }
    }

    private static boolean isIn(List<Tensor> outputs, Tensor answer) {
        return outputs.stream()
                .filter(output -> output.name().equals(answer.name()))
                .anyMatch(output -> isClose(output, answer));
    }

    private static boolean isClose(Tensor one, Tensor other) {
        if (one.datatype() != other.datatype() || !one.shape().equals(other.shape())) {
            return false;
        }
        if (!one.datatype().isFloating()) {
            return one.data().equals(other.data());
        }
        List<Object> ones = RawValues.decode(one);
        List<Object> others = RawValues.decode(other);
        for (int i = 0; i < ones.size(); i++) {
            double a = ((Number) ones.get(i)).doubleValue();
            double b = ((Number) others.get(i)).doubleValue();
            if (Double.compare(a, b) != 0
                    && !(Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.max(Math.abs(a), Math.abs(b))))) {
                return false;
            }
        }
        return true;
    }

    private void count(Target target, Outcome outcome) {
        Counter.builder(RoutingMeter.SHADOW.meterName())
                .description(RoutingMeter.SHADOW.description())
                .tag("model", target.model())
                .tag("version", target.version())
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(meters)
                .increment();
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform()
                .name("shadows")
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .start(this::work);
    }

    @Override
    public void stop() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            thread = null;
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
