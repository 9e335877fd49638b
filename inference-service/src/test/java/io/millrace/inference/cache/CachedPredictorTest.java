package io.millrace.inference.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.Cancelled;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.QueueFull;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelStatistics;
import io.millrace.inference.model.ModelStatistics.Total;
import io.millrace.inference.model.Predictor;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Scheduling;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CachedPredictorTest {

    private static final int ROOM = 4 * 600; // four answers to requests of a few values

    private final Engine engine = new Engine();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final CachedPredictor cache =
            new CachedPredictor(engine, definition(ROOM), new CacheMetrics(meters, "m", 1));

    @Test
    void answersTheSameInputsWithoutRunningThemAgain() {
        CompletableFuture<List<Tensor>> first = ask(1, 2);
        engine.answer(0);
        CompletableFuture<List<Tensor>> second = ask(1, 2);

        assertThat(values(first)).containsExactly(1L, 2L);
        assertThat(values(second)).containsExactly(1L, 2L);
        assertThat(engine.running).hasSize(1);
        assertThat(results("hit")).isEqualTo(1);
        assertThat(results("miss")).isEqualTo(1);
        assertThat(cache.statistics().cacheHit().count()).isEqualTo(1);
        assertThat(cache.statistics().cacheMiss().count()).isEqualTo(1);
        assertThat(cache.statistics().success().count()).isEqualTo(8);
    }

    @Test
    void otherBytesAreOtherInputs() {
        ask(1, 2);
        ask(1, 3);
        ask(1);

        assertThat(engine.running).hasSize(3);
    }

    @Test
    void anAnswerIsKeptApartFromTheBytesOfItsRequest() {
        Tensor message = tensor(1, 2);
        cache.submit(request(message, 0, inAMinute()));
        engine.answer(0);
        message.data().putLong(0, 9);

        assertThat(values(ask(1, 2))).containsExactly(1L, 2L);
        assertThat(engine.running).hasSize(1);
    }

    @Test
    void thoseWhoAskMeanwhileWaitForTheSameRun() {
        CompletableFuture<List<Tensor>> first = ask(1);
        CompletableFuture<List<Tensor>> second = ask(1);
        engine.answer(0);

        assertThat(values(first)).isEqualTo(values(second));
        assertThat(engine.running).hasSize(1);
        assertThat(results("joined")).isEqualTo(1);
    }

    @Test
    void aFailureIsToldToAllAndNotKept() {
        CompletableFuture<List<Tensor>> first = ask(1);
        CompletableFuture<List<Tensor>> second = ask(1);
        engine.fail(0, new InferenceException.ExecutionFailed("broken", null));

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        ask(1);
        assertThat(engine.running).hasSize(2);
    }

    @Test
    void theRunGoesOnForTheOthersWhenTheFirstLeaves() {
        CompletableFuture<List<Tensor>> first = ask(1);
        CompletableFuture<List<Tensor>> second = ask(1);
        first.completeExceptionally(new Cancelled());

        assertThat(engine.running.getFirst()).isNotDone();
        engine.answer(0);
        assertThat(values(second)).containsExactly(1L);
    }

    @Test
    void theRunEndsWhenAllHaveLeft() {
        ask(1).completeExceptionally(new Cancelled());

        assertThat(engine.running.getFirst()).isCompletedExceptionally();
        ask(1);
        assertThat(engine.running).hasSize(2);
    }

    @Test
    void whoHasMoreTimeThanTheFirstAsksAgainForItself() {
        CompletableFuture<List<Tensor>> first = ask(1);
        CompletableFuture<List<Tensor>> second = ask(1);
        CompletableFuture<List<Tensor>> third = cache.submit(request(tensor(1), 0, System.nanoTime()));
        engine.fail(0, new DeadlineExceeded());
        engine.answer(1);

        assertThat(first).isCompletedExceptionally();
        assertThat(values(second)).containsExactly(1L);
        assertThat(third).isCompletedExceptionally();
        assertThat(engine.running).hasSize(2);
    }

    @Test
    void aHigherPriorityDoesNotWaitForALowerOne() {
        ask(1);
        cache.submit(request(tensor(1), 1, inAMinute()));
        cache.submit(request(tensor(1), 3, inAMinute()));

        assertThat(engine.running).hasSize(2);
    }

    @Test
    void aRefusalAtTheDoorIsThrownAndLeavesNothingBehind() {
        engine.full = true;
        assertThatThrownBy(() -> ask(1)).isInstanceOf(QueueFull.class);

        engine.full = false;
        ask(1);
        assertThat(engine.running).hasSize(1);
    }

    @Test
    void theLeastRecentlyAskedGivesWayWhenTheBytesAreUsedUp() {
        for (int i = 0; i < 4; i++) {
            ask(i);
            engine.answer(i);
        }
        ask(0);
        ask(4);
        engine.answer(4);

        ask(0);
        ask(2);
        assertThat(engine.running).hasSize(5);
        ask(1);
        assertThat(engine.running).hasSize(6);
        assertThat(meters.get("millrace.inference.cache.size").gauge().value()).isBetween(1.0, (double) ROOM);
    }

    @Test
    void whatIsLargerThanTheCacheIsAnsweredAndNotKept() {
        long[] many = LongStream.range(0, 300).toArray();
        ask(many);
        engine.answer(0);

        ask(many);
        assertThat(engine.running).hasSize(2);
    }

    @Test
    void closingTakesTheMetersAway() {
        cache.close();

        assertThat(meters.getMeters()).isEmpty();
    }

    private CompletableFuture<List<Tensor>> ask(long... rows) {
        return cache.submit(request(tensor(rows), 0, inAMinute()));
    }

    private static InferenceRequest request(Tensor x, int priority, long deadlineNanos) {
        return new InferenceRequest(List.of(x), null, priority, deadlineNanos);
    }

    private static Tensor tensor(long... rows) {
        return new Tensor(
                "x",
                Datatype.INT64,
                Shape.of(rows.length, 1),
                RawValues.encode(Datatype.INT64, LongStream.of(rows).boxed().toList()));
    }

    private static long inAMinute() {
        return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    }

    private static List<Object> values(CompletableFuture<List<Tensor>> answer) {
        assertThat(answer).isCompleted();
        return RawValues.decode(answer.join().getFirst());
    }

    private double results(String result) {
        return meters.get("millrace.inference.cache")
                .tag("result", result)
                .functionCounter()
                .count();
    }

    private static ModelDefinition definition(long cacheBytes) {
        return new ModelDefinition(
                "onnx_onnxv1",
                new Scheduling(500, Duration.ZERO, 600, 1, Duration.ofSeconds(1), 3, cacheBytes, 0),
                null,
                List.of(new ModelDefinition.Input("x", Datatype.INT64, 1, List.of(0))),
                List.of(new ModelDefinition.Output("x", Datatype.INT64)),
                "[]",
                "abc");
    }

    /** Answers each request with its inputs, when told to. */
    private static final class Engine implements Predictor {

        final List<CompletableFuture<List<Tensor>>> running = new ArrayList<>();
        private final List<List<Tensor>> inputs = new ArrayList<>();
        boolean full;

        @Override
        public CompletableFuture<List<Tensor>> submit(InferenceRequest request) {
            if (full) {
                throw new QueueFull("full", Duration.ofSeconds(1));
            }
            var answer = new CompletableFuture<List<Tensor>>();
            running.add(answer);
            inputs.add(request.inputs());
            return answer;
        }

        void answer(int index) {
            running.get(index).complete(inputs.get(index));
        }

        void fail(int index, Throwable why) {
            running.get(index).completeExceptionally(why);
        }

        @Override
        public ModelStatistics statistics() {
            Total none = new Total(0, 0);
            return new ModelStatistics(
                    0, 0, 0, new Total(7, 7), none, none, none, none, none, none, none, new TreeMap<>());
        }

        @Override
        public void close() {}
    }
}
