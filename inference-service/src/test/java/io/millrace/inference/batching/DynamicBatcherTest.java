package io.millrace.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.GraphSignature;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.ModelStatistics;
import io.millrace.inference.model.ModelStatistics.Total;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Scheduling;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DynamicBatcherTest {

    private static final double PRICE = 3.6e12; // an hour's: 1 for a nanosecond

    private static final ModelDefinition DEFINITION = new ModelDefinition(
            "onnx_onnxv1",
            new Scheduling(4, Duration.ZERO, 6, 1, Duration.ofSeconds(1), 3, 0, PRICE),
            null,
            List.of(new ModelDefinition.Input("x", Datatype.INT64, 1, List.of(0))),
            List.of(new ModelDefinition.Output("x", Datatype.INT64)),
            "[]",
            "abc");

    private final Echo model = new Echo();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final DynamicBatching batching = new DynamicBatching(meters, 64);
    private final DynamicBatcher batcher =
            batching.serve("m", 1, DEFINITION, model, new RunTimes(new TreeMap<>(Map.of(1, 0L, 4, 0L))));

    @AfterEach
    void close() {
        model.permits.release(1000);
        batcher.close();
        batching.close();
    }

    @Test
    void requestsThatComeWhileTheInstanceIsBusyRunTogetherAndEachGetsItsOwnRows() {
        CompletableFuture<List<Tensor>> first = submit(1);
        model.awaitBatches(1);
        CompletableFuture<List<Tensor>> second = submit(2, 3);
        CompletableFuture<List<Tensor>> third = submit(4);
        model.permits.release(2);

        assertThat(values(first)).containsExactly(1L);
        assertThat(values(second)).containsExactly(2L, 3L);
        assertThat(values(third)).containsExactly(4L);
        assertThat(model.batches).containsExactly(List.of(1L), List.of(2L, 3L, 4L));
    }

    @Test
    void oneBadRequestFailsAloneAndItsNeighboursAreAnswered() {
        submit(1);
        model.awaitBatches(1);
        CompletableFuture<List<Tensor>> good = submit(2);
        CompletableFuture<List<Tensor>> bad = submit(Echo.POISON);
        CompletableFuture<List<Tensor>> alsoGood = submit(3);
        model.permits.release(10);

        assertThat(values(good)).containsExactly(2L);
        assertThat(values(alsoGood)).containsExactly(3L);
        assertThat(bad)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(InferenceException.ExecutionFailed.class);
        assertThat(outcomes("failed")).isEqualTo(1);
        await().untilAsserted(() -> assertThat(outcomes("answered")).isEqualTo(3));
    }

    @Test
    void aFullQueueRefusesAndSaysSo() {
        submit(1);
        model.awaitBatches(1);
        submit(1, 2, 3, 4);
        submit(1, 2);

        assertThatThrownBy(() -> submit(1))
                .isInstanceOf(InferenceException.QueueFull.class)
                .hasMessageContaining("6 rows wait");
        assertThat(outcomes("queue_full")).isEqualTo(1);
        assertThat(meters.get("millrace.inference.queue.rows").gauge().value()).isEqualTo(6);
    }

    @Test
    void aRequestThatWouldNeedTooMuchMemoryIsRefused() {
        submit(1, 1, 1, 1);
        model.awaitBatches(1);
        submit(2, 2, 2);

        assertThatThrownBy(() -> submit(3, 3))
                .isInstanceOf(InferenceException.TooManyBytes.class)
                .hasMessageContaining("56 bytes are in memory and 16 more do not fit");
        assertThat(outcomes("too_many_bytes")).isEqualTo(1);
        submit(3);
    }

    @Test
    void aDeadlinePassesInTheQueueWhileTheInstanceIsBusy() {
        submit(1);
        model.awaitBatches(1);
        CompletableFuture<List<Tensor>> late =
                batcher.submit(request(null, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5), 2));

        assertThat(late)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(InferenceException.DeadlineExceeded.class);
        assertThat(meters.get("millrace.inference.queue.rows").gauge().value()).isZero();
        assertThat(outcomes("deadline_exceeded")).isEqualTo(1);
    }

    @Test
    void answersAreHandedOverOnOtherThreadsWhileSomebodyWaits() {
        var first = submit(1).thenApply(_ -> Thread.currentThread().isVirtual());
        model.awaitBatches(1);
        var last = submit(1).thenApply(_ -> Thread.currentThread().getName().startsWith("infer-"));

        model.permits.release(1);
        assertThat(first).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
        model.permits.release(1);
        assertThat(last).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
    }

    @Test
    void ofManyCallersAtOnceEachGetsItsOwnRowsAndLeavesNothingBehind() throws Exception {
        model.permits.release(100_000);
        List<Future<Integer>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (int caller = 1; caller <= 6; caller++) {
                long first = caller * 1000L;
                callers.add(threads.submit(() -> answersTo(first, 200)));
            }
        }

        for (Future<Integer> caller : callers) {
            assertThat(caller.get()).isEqualTo(200);
        }
        await().until(() ->
                meters.get("millrace.inference.rows.inflight").gauge().value() == 0);
        // All of the 64 bytes are free again.
        assertThat(values(submit(1, 2, 3, 4))).hasSize(4);
    }

    /** Asks until it was answered so often, for one row or two; how many of the answers were right. */
    private int answersTo(long first, int times) {
        int right = 0;
        for (int i = 0; i < times; i++) {
            long[] own = i % 3 == 0 ? new long[] {first + i} : new long[] {first + i, -first - i};
            while (true) {
                try {
                    List<Object> answer = values(submit(own));
                    right += answer.equals(LongStream.of(own).boxed().toList()) ? 1 : 0;
                    break;
                } catch (InferenceException.Overloaded _) {
                    Thread.yield();
                }
            }
        }
        return right;
    }

    @Test
    void aCallerWhoLeftFreesItsRoomAndNeverRuns() {
        submit(1);
        model.awaitBatches(1);
        CompletableFuture<List<Tensor>> left = submit(2, 2, 2, 2);
        left.completeExceptionally(new InferenceException.Cancelled());

        assertThat(meters.get("millrace.inference.queue.rows").gauge().value()).isZero();
        CompletableFuture<List<Tensor>> next = submit(3, 3, 3, 3);
        model.permits.release(10);

        assertThat(values(next)).containsExactly(3L, 3L, 3L, 3L);
        assertThat(model.batches).containsExactly(List.of(1L), List.of(3L, 3L, 3L, 3L));
    }

    @Test
    void aPassedDeadlineIsRefusedWithoutRunning() {
        submit(1);
        model.awaitBatches(1);
        CompletableFuture<List<Tensor>> late = batcher.submit(request(null, System.nanoTime(), 2));
        model.permits.release(10);

        assertThat(late)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(InferenceException.DeadlineExceeded.class);
        assertThat(model.batches).containsExactly(List.of(1L));
    }

    @Test
    void everyMeterOfTheServiceIsRegisteredWithItsDescription() {
        assertThat(meters.getMeters())
                .extracting(
                        meter -> meter.getId().getName() + ": " + meter.getId().getDescription())
                .containsOnly(Arrays.stream(InferenceMeter.values())
                        .filter(meter -> !meter.name().startsWith("CACHE"))
                        .map(meter -> meter.meterName() + ": " + meter.description())
                        .toArray(String[]::new));
    }

    @Test
    void countsRowsBatchesAndTheirPhasesAsTheProtocolDoes() {
        model.permits.release(10);
        values(submit(1, 2, 3));
        values(submit(4));
        submit(Echo.POISON).exceptionally(_ -> List.of()).join();

        await().until(() -> batcher.statistics().fail().count() == 1);
        ModelStatistics counted = batcher.statistics();
        assertThat(counted.inferenceCount()).isEqualTo(4);
        assertThat(counted.executionCount()).isEqualTo(2);
        assertThat(counted.success().count()).isEqualTo(2);
        assertThat(counted.success().nanos()).isPositive();
        assertThat(counted.lastInferenceMillis()).isPositive();
        assertThat(counted.queue().count()).isEqualTo(2);
        assertThat(counted.computeInput()).isEqualTo(new Total(2, 2));
        assertThat(counted.computeInfer()).isEqualTo(new Total(2, 40));
        assertThat(counted.computeOutput()).isEqualTo(new Total(2, 600));
        assertThat(counted.batches())
                .containsOnlyKeys(1, 3)
                .containsEntry(3, new ModelStatistics.Batches(new Total(1, 1), new Total(1, 20), new Total(1, 300)));
    }

    @Test
    void aRequestBearsItsRowsOfTheBatchAndWhatFailedIsWasted() {
        model.permits.release(10);
        values(submit(1, 2, 3));
        submit(Echo.POISON).exceptionally(_ -> List.of()).join();

        await().until(() -> cost("wasted") > 0);
        assertThat(cost("answered")).isEqualTo(1 + 20 + 300);
        assertThat(cost("idle")).isPositive();
        assertThat(meters.get("millrace.inference.cost.request").summary().totalAmount())
                .isEqualTo(321);
        assertThat(meters.get("millrace.inference.instance.busy")
                        .functionCounter()
                        .count())
                .isPositive();
    }

    private double cost(String part) {
        return meters.get("millrace.inference.cost")
                .tag("part", part)
                .functionCounter()
                .count();
    }

    @Test
    void inputsForOtherColumnsAreRefused() {
        assertThatThrownBy(() -> batcher.submit(request("old", inAMinute(), 1)))
                .isInstanceOf(InferenceException.SignatureMismatch.class);
    }

    @Test
    void closingEndsWhatWasTakenThenFreesTheModelAndItsMeters() {
        CompletableFuture<List<Tensor>> running = submit(1);
        model.awaitBatches(1);
        CompletableFuture<List<Tensor>> waiting = submit(2);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(batcher::close);
        await().until(() -> isRefused(3));

        assertThat(model.closed).isFalse();
        model.permits.release(10);

        assertThat(closing).succeedsWithin(Duration.ofSeconds(10));
        assertThat(values(running)).containsExactly(1L);
        assertThat(values(waiting)).containsExactly(2L);
        assertThat(model.closed).isTrue();
        assertThat(meters.getMeters()).isEmpty();
    }

    private boolean isRefused(long value) {
        try {
            // Would it still be taken, it must not disturb: its deadline has passed.
            batcher.submit(request(null, System.nanoTime(), value));
            return false;
        } catch (InferenceException.ModelNotReady _) {
            return true;
        } catch (InferenceException.QueueFull _) {
            return false;
        }
    }

    private CompletableFuture<List<Tensor>> submit(long... rows) {
        return batcher.submit(request(null, inAMinute(), rows));
    }

    private static InferenceRequest request(@Nullable String signature, long deadlineNanos, long... rows) {
        var x = new Tensor(
                "x",
                Datatype.INT64,
                Shape.of(rows.length, 1),
                RawValues.encode(Datatype.INT64, LongStream.of(rows).boxed().toList()));
        return new InferenceRequest(List.of(x), signature, 0, deadlineNanos);
    }

    private static long inAMinute() {
        return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    }

    private static List<Object> values(CompletableFuture<List<Tensor>> answer) {
        return RawValues.decode(answer.orTimeout(10, TimeUnit.SECONDS).join().getFirst());
    }

    private double outcomes(String outcome) {
        return meters.get("millrace.inference.requests")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    /** Answers each row with itself, one batch for each permit; fails on {@link #POISON}. */
    private static final class Echo implements LoadedModel, ModelInstance {

        static final long POISON = -1;

        final Semaphore permits = new Semaphore(0);
        final List<List<Object>> batches = new CopyOnWriteArrayList<>();
        volatile boolean closed;
        private int owners = 1;

        void awaitBatches(int count) {
            await().until(() -> batches.size() == count);
        }

        @Override
        public BatchResult run(List<ModelInputs> batch) {
            List<Object> values = batch.stream()
                    .flatMap(request -> RawValues.decode(request.tensors().getFirst()).stream())
                    .toList();
            batches.add(values);
            permits.acquireUninterruptibly();
            if (values.contains(POISON)) {
                throw new IllegalStateException("poison");
            }
            return new BatchResult(batch.stream().map(ModelInputs::tensors).toList(), 1, 20, 300);
        }

        @Override
        public GraphSignature graph() {
            return new GraphSignature(List.of(), List.of());
        }

        @Override
        public ModelInstance newInstance() {
            owners++;
            return this;
        }

        @Override
        public void close() {
            owners--;
            closed = owners == 0;
        }
    }
}
