package io.millrace.benchmarks.inference;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.inference.batching.DynamicBatching;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.Predictor;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.model.Tensor;
import io.millrace.inference.runtime.OnnxRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The engine behind the service's batcher in this process, with the service's meters, and ways to ask it. */
final class Batched implements AutoCloseable {

    private static final Duration PATIENT = Duration.ofSeconds(30);

    private final DynamicBatching batching =
            new DynamicBatching(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), 256L << 20);
    private final Predictor predictor;
    private final List<Tensor> row;

    Batched(Network network, int instances) throws RefusedModelException {
        byte[] onnx = network.onnx();
        ByteBuffer file = ByteBuffer.allocateDirect(onnx.length).put(onnx).flip();
        LoadedModel loaded = new OnnxRuntime().load(network.definition(instances), file);
        predictor = batching.serve(network.title(), 1, network.definition(instances), loaded);
        row = network.inputs(1);
    }

    /** Asks for one row and waits; the nanoseconds that it took. */
    long ask() throws InterruptedException, ExecutionException {
        long started = System.nanoTime();
        predictor.submit(Network.request(row, PATIENT)).get();
        return System.nanoTime() - started;
    }

    /** Answers a second to so many callers, each on a virtual thread that asks for one row and waits. */
    double waitingCallers(int callers, Duration time) throws InterruptedException, ExecutionException {
        long until = System.nanoTime() + time.toNanos();
        List<Future<Long>> answers = new ArrayList<>();
        long started = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                answers.add(threads.submit(() -> {
                    long count = 0;
                    while (System.nanoTime() < until) {
                        ask();
                        count++;
                    }
                    return count;
                }));
            }
        }
        long elapsed = System.nanoTime() - started;
        long all = 0;
        for (Future<Long> each : answers) {
            all += each.get();
        }
        return all * 1e9 / elapsed;
    }

    /** Answers a second to so many callers that ask for the next row when the last is answered, without a thread. */
    double callbacks(int callers, Duration time) throws InterruptedException {
        long started = System.nanoTime();
        long until = started + time.toNanos();
        var answered = new LongAdder();
        var asking = new Phaser(1);
        for (int i = 0; i < callers; i++) {
            asking.register();
            next(until, answered, asking);
        }
        asking.arriveAndAwaitAdvance();
        return answered.sum() * 1e9 / (System.nanoTime() - started);
    }

    private void next(long until, LongAdder answered, Phaser asking) {
        if (System.nanoTime() - until >= 0) {
            asking.arriveAndDeregister();
            return;
        }
        predictor.submit(Network.request(row, PATIENT)).whenComplete((_, error) -> {
            if (error == null) {
                answered.increment();
            }
            next(until, answered, asking);
        });
    }

    /**
     * What came of an open stream of requests.
     *
     * @param inTime answers a second within the deadline
     * @param refused the share that was turned away at the door
     * @param late the share that was let in and not answered in time
     * @param nanos how long each answer took from the time at which its request was due, sorted
     */
    record Stream(double inTime, double refused, double late, long[] nanos) {

        double p(double share) {
            return nanos.length == 0
                    ? Double.NaN
                    : nanos[(int) Math.min(nanos.length - 1L, (long) (share * nanos.length))];
        }
    }

    /** Asks at random times, so many times a second, whatever comes of it. */
    Stream stream(double perSecond, Duration deadline, Duration time) throws InterruptedException {
        int requests = (int) (perSecond * time.toSeconds());
        var nanos = new long[requests];
        var answered = new AtomicInteger();
        var refused = new AtomicInteger();
        var open = new CountDownLatch(requests);
        long started = System.nanoTime();
        Pace.keep(perSecond, requests, (_, at) -> {
            try {
                predictor
                        .submit(new InferenceRequest(row, null, 0, at + deadline.toNanos()))
                        .whenComplete((_, error) -> {
                            long took = System.nanoTime() - at;
                            if (error == null && took <= deadline.toNanos()) {
                                nanos[answered.getAndIncrement()] = took;
                            }
                            open.countDown();
                        });
            } catch (InferenceException.Overloaded _) {
                refused.incrementAndGet();
                open.countDown();
            }
        });
        open.await();
        double seconds = (System.nanoTime() - started) / 1e9;
        long[] sorted = Arrays.copyOf(nanos, answered.get());
        Arrays.sort(sorted);
        return new Stream(
                sorted.length / seconds,
                refused.get() / (double) requests,
                (requests - refused.get() - sorted.length) / (double) requests,
                sorted);
    }

    @Override
    public void close() {
        predictor.close();
        batching.close();
    }
}
