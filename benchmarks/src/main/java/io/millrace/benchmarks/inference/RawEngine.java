package io.millrace.benchmarks.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The baseline: ONNX Runtime alone, at its best. Input and output tensors are made once and used again, so a run copies
 * nothing and allocates next to nothing; nobody asks and nobody is answered.
 */
final class RawEngine implements AutoCloseable {

    private final Network network;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    RawEngine(Network network) throws OrtException {
        this.network = network;
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(network.onnx(), options);
        }
    }

    /** Batches of so many rows, one after the other on one thread. */
    final class Loop implements AutoCloseable {

        private final int rows;
        private final OnnxTensor input;
        private final OnnxTensor output;

        Loop(int rows) throws OrtException {
            this.rows = rows;
            input = OnnxTensor.createTensor(
                    environment,
                    direct(rows * network.width()).put(network.values(rows)).flip(),
                    new long[] {rows, network.width()},
                    OnnxJavaType.FLOAT);
            output = OnnxTensor.createTensor(
                    environment,
                    direct(rows * network.outputWidth()),
                    new long[] {rows, network.outputWidth()},
                    OnnxJavaType.FLOAT);
        }

        private static ByteBuffer direct(int floats) {
            return ByteBuffer.allocateDirect(floats * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Nanoseconds of one run. */
        long run() throws OrtException {
            long started = System.nanoTime();
            session.run(Map.of("x", input), Map.of("y", output)).close();
            return System.nanoTime() - started;
        }

        /** Rows a second. */
        double rate(Duration time) throws OrtException {
            long started = System.nanoTime();
            long runs = 0;
            long elapsed = 0;
            while (elapsed < time.toNanos()) {
                run();
                runs++;
                elapsed = System.nanoTime() - started;
            }
            return runs * rows * 1e9 / elapsed;
        }

        @Override
        public void close() {
            input.close();
            output.close();
        }
    }

    /** Rows a second of so many threads together. */
    double rate(int rows, int threads, Duration time) throws InterruptedException {
        List<Callable<Double>> loops = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            loops.add(() -> {
                try (Loop loop = new Loop(rows)) {
                    return loop.rate(time);
                }
            });
        }
        double all = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (Future<Double> rate : executor.invokeAll(loops)) {
                all += rate.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("ONNX Runtime failed", e.getCause());
        }
        return all;
    }

    /**
     * Single rows that come at random times, so many a second, to one thread that takes all that are there, at most so many
     * at once: the least that anything between callers and engine can do.
     *
     * @return how long each took from the time at which it was due, sorted
     */
    long[] stream(double perSecond, int most, Duration time) throws OrtException, InterruptedException {
        List<Loop> loops = new ArrayList<>();
        try {
            for (int rows = 1; rows <= most; rows++) {
                loops.add(new Loop(rows));
            }
            var due = new long[(int) (perSecond * time.toSeconds())];
            var nanos = new long[due.length];
            var sent = new AtomicInteger();
            try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
                var engine = new CompletableFuture<Thread>();
                Future<?> done = thread.submit(() -> {
                    engine.complete(Thread.currentThread());
                    for (int answered = 0; answered < due.length; ) {
                        int rows = Math.min(sent.get() - answered, most);
                        if (rows == 0) {
                            LockSupport.park(sent);
                            continue;
                        }
                        loops.get(rows - 1).run();
                        long now = System.nanoTime();
                        for (int end = answered + rows; answered < end; answered++) {
                            nanos[answered] = now - due[answered];
                        }
                    }
                    return null;
                });
                Thread answering = engine.join();
                Pace.keep(perSecond, due.length, (number, at) -> {
                    due[number] = at;
                    sent.set(number + 1);
                    LockSupport.unpark(answering);
                });
                done.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("ONNX Runtime failed", e.getCause());
            }
            Arrays.sort(nanos);
            return nanos;
        } finally {
            loops.forEach(Loop::close);
        }
    }

    /** Of 1, 2, 4, … rows the number with the most rows a second. */
    int bestBatch() throws InterruptedException {
        int best = 1;
        double most = 0;
        for (int rows = 1; rows <= Network.MAX_BATCH; rows *= 2) {
            rate(rows, 1, Duration.ofMillis(200));
            double rate = rate(rows, 1, Duration.ofMillis(500));
            if (rate > most) {
                most = rate;
                best = rows;
            }
        }
        return best;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
