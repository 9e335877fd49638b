package io.millrace.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.Cancelled;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.InferenceException.Overloaded;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Scheduling;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Random traffic on a virtual clock: sizes, shapes, deadlines, priorities, callers who leave, and inputs that the model fails
 * on. Whatever comes, no request is lost, answered twice, overtaken within its priority, run after its deadline, or answered
 * with another's rows, and no bad one spoils its neighbours' answers.
 */
class BatchingSimulationTest {

    private static final long POISON = -1;
    private static final long START = Long.MAX_VALUE - 100_000; // System.nanoTime may wrap

    @RepeatedTest(500)
    void holdsItsPromisesInRandomTraffic(RepetitionInfo repetition) {
        new Simulation(new Random(repetition.getCurrentRepetition())).run();
    }

    /** Something that happens at a time; of two at the same time, the first that was planned. */
    private record Event(long atNanos, int order, Runnable what) {}

    private static final class Simulation {

        final Random random;
        final int maxBatchSize;
        final Scheduling scheduling;
        final BatchQueue queue;
        final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.<Event>comparingLong(event -> event.atNanos() - START)
                        .thenComparingInt(Event::order));
        final List<PendingRequest> taken = new ArrayList<>();
        final Map<PendingRequest, Integer> ends = new IdentityHashMap<>();
        final Map<PendingRequest, List<Object>> values = new IdentityHashMap<>();
        final Map<Integer, Integer> lastOfLevel = new HashMap<>(); // the order of arrival of who ran last
        final Map<PendingRequest, Integer> arrivals = new IdentityHashMap<>();
        int idle;
        int runs;
        int refused;
        int planned;
        long now = START;
        long nextValue = 1;

        Simulation(Random random) {
            this.random = random;
            maxBatchSize = 1 + random.nextInt(8);
            Duration delay = Duration.ofNanos(random.nextBoolean() ? 0 : random.nextInt(300));
            scheduling = new Scheduling(
                    maxBatchSize,
                    delay,
                    maxBatchSize + random.nextInt(40),
                    1 + random.nextInt(3),
                    Duration.ofMinutes(1),
                    1 + random.nextInt(4),
                    0,
                    0);
            queue = new BatchQueue(scheduling, RunTimesTest.times(1, 30, maxBatchSize + 1, 100));
            idle = scheduling.instances();
        }

        void run() {
            int requests = 200;
            long at = START;
            for (int i = 0; i < requests; i++) {
                at += random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(20);
                plan(at, this::arrive);
            }
            while (!events.isEmpty()) {
                Event event = events.remove();
                now = event.atNanos();
                event.what().run();
                if (random.nextInt(3) > 0) {
                    expire(); // else the timer is late
                }
                wakeInstances();
            }
            assertThat(taken).hasSize(requests - refused);
            for (PendingRequest request : taken) {
                assertThat(ends.get(request)).as("ends").isEqualTo(1);
                assertThat(request.answer()).isDone();
            }
            assertThat(queue.rows()).isZero();
            assertThat(queue.rowsInFlight()).isZero();
            assertThat(queue.nextDeadlineNanos()).isEmpty();
            assertThat(idle).isEqualTo(scheduling.instances());
        }

        void plan(long atNanos, Runnable what) {
            events.add(new Event(atNanos, planned++, what));
        }

        void arrive() {
            int rows = 1 + random.nextInt(maxBatchSize);
            int width = 1 + random.nextInt(2);
            boolean poisoned = random.nextInt(12) == 0;
            List<Object> own = new ArrayList<>();
            for (int i = 0; i < rows * width; i++) {
                own.add(poisoned && i == 0 ? POISON : nextValue++);
            }
            var x = new Tensor("x", Datatype.INT64, Shape.of(rows, width), RawValues.encode(Datatype.INT64, own));
            long deadline = now + (random.nextInt(3) == 0 ? random.nextInt(400) : 1_000_000);
            int level = 1 + random.nextInt(scheduling.priorityLevels());
            var request = new PendingRequest(new ModelInputs(List.of(x), rows), level, now, deadline);
            try {
                queue.offer(request, now);
            } catch (Overloaded overloaded) {
                assertThat(overloaded.retryAfter()).isPositive();
                refused++;
                return;
            }
            arrivals.put(request, taken.size());
            taken.add(request);
            values.put(request, own);
            plan(deadline, () -> {});
            if (random.nextInt(10) == 0) {
                plan(now + random.nextInt(200), () -> leave(request));
            }
        }

        void leave(PendingRequest request) {
            if (!request.answer().isDone()) {
                end(request);
                request.answer().completeExceptionally(new Cancelled());
                queue.remove(request);
            }
        }

        void expire() {
            queue.takeExpired(now).forEach(this::expired);
            OptionalLong next = queue.nextDeadlineNanos();
            assertThat(next.isEmpty() || next.getAsLong() - now > 0).isTrue();
        }

        void expired(PendingRequest request) {
            assertThat(request.deadlineNanos() - now).isLessThanOrEqualTo(0);
            end(request);
            request.answer().completeExceptionally(new DeadlineExceeded());
        }

        void wakeInstances() {
            while (idle > 0) {
                switch (queue.next(now)) {
                    case Next.Run run -> start(run);
                    case Next.Drop(var expired) -> expired.forEach(this::expired);
                    case Next.Wait(var atMost) -> {
                        assertThat(atMost).isPositive().isLessThanOrEqualTo(scheduling.maxQueueDelay());
                        plan(now + atMost.toNanos(), () -> {});
                        return;
                    }
                    case Next.Idle() -> {
                        assertThat(queue.isEmpty()).isTrue();
                        return;
                    }
                }
            }
        }

        void start(Next.Run run) {
            idle--;
            runs++;
            assertThat(run.rows()).isBetween(1, maxBatchSize);
            for (PendingRequest request : run.batch()) {
                assertThat(request.deadlineNanos() - now).isPositive();
                assertThat(request.inputs().sameRowShapes(run.batch().getFirst().inputs()))
                        .as("same shapes")
                        .isTrue();
                int arrival = arrivals.getOrDefault(request, -1);
                Integer before = lastOfLevel.put(request.level(), arrival);
                assertThat(before == null || before < arrival).as("overtaken").isTrue();
            }
            long from = now;
            plan(now + 1 + random.nextInt(150), () -> finish(run, from));
        }

        /** The engine worked until now; the answers come in one moment, reruns included. */
        void finish(Next.Run run, long from) {
            int[] engineRuns = {0};
            ModelInstance echo = new Echo(() -> engineRuns[0]++);
            new BatchRun(echo, () -> engineRuns[0] == 0 ? from : now, new BatchRun.Ends() {
                        @Override
                        public void ran(List<PendingRequest> batch, BatchResult result, long startedNanos) {
                            queue.observed(1, now - from);
                            for (int i = 0; i < batch.size(); i++) {
                                answer(batch.get(i), result.answers().get(i));
                            }
                        }

                        @Override
                        public void failed(PendingRequest request, InferenceException why) {
                            if (why instanceof DeadlineExceeded) {
                                assertThat(request.deadlineNanos() - now).isLessThanOrEqualTo(0);
                            } else {
                                assertThat(why).isInstanceOf(ExecutionFailed.class);
                                assertThat(values.get(request)).contains(POISON);
                            }
                            if (!request.answer().isDone()) {
                                end(request);
                                request.answer().completeExceptionally(why);
                            }
                        }
                    })
                    .run(run.batch());
            assertThat(engineRuns[0]).isLessThanOrEqualTo(2 * run.batch().size() - 1);
            queue.ended(run);
            idle++;
        }

        void answer(PendingRequest request, List<Tensor> answer) {
            if (request.answer().isDone()) {
                return; // the caller left meanwhile
            }
            end(request);
            List<Object> own = values.get(request);
            assertThat(RawValues.decode(answer.getFirst())).isEqualTo(own);
            assertThat(own).doesNotContain(POISON);
            request.answer().complete(answer);
        }

        void end(PendingRequest request) {
            ends.merge(request, 1, Integer::sum);
        }
    }

    /** Joins the rows and takes them apart again, as an engine does; fails on {@link #POISON}. */
    private record Echo(Runnable onRun) implements ModelInstance {

        @Override
        public BatchResult run(List<ModelInputs> batch) {
            onRun.run();
            List<Object> joined = new ArrayList<>();
            batch.forEach(each -> joined.addAll(RawValues.decode(each.tensors().getFirst())));
            if (joined.contains(POISON)) {
                throw new IllegalStateException("poison");
            }
            List<List<Tensor>> answers = new ArrayList<>();
            int from = 0;
            for (ModelInputs each : batch) {
                Shape shape = each.tensors().getFirst().shape();
                int to = from + Math.toIntExact(shape.elements());
                answers.add(List.of(new Tensor(
                        "x", Datatype.INT64, shape, RawValues.encode(Datatype.INT64, joined.subList(from, to)))));
                from = to;
            }
            return new BatchResult(answers, 1, 1, 1);
        }

        @Override
        public void close() {}
    }
}
