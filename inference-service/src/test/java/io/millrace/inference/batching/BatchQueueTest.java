package io.millrace.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class BatchQueueTest {

    private static final long NEVER = Long.MAX_VALUE / 2;

    private final BatchQueue eager = new BatchQueue(4, Duration.ZERO, 8);
    private final BatchQueue patient = new BatchQueue(4, Duration.ofNanos(100), 8);

    @Test
    void anEmptyQueueHasNothingToDo() {
        assertThat(eager.next(0)).isEqualTo(new Next.Idle());
    }

    @Test
    void withoutDelayALoneRequestRunsAtOnce() {
        PendingRequest a = request(1, 0);
        eager.offer(a);

        assertThat(eager.next(0)).isEqualTo(new Next.Run(List.of(a)));
        assertThat(eager.next(0)).isEqualTo(new Next.Idle());
    }

    @Test
    void whatCameMeanwhileRunsTogetherUpToTheLargestBatchCountedInRows() {
        PendingRequest a = request(1, 0);
        PendingRequest b = request(2, 1);
        PendingRequest c = request(2, 2);
        List.of(a, b, c).forEach(eager::offer);

        assertThat(eager.next(3)).isEqualTo(new Next.Run(List.of(a, b)));
        assertThat(eager.next(3)).isEqualTo(new Next.Run(List.of(c)));
    }

    @Test
    void waitsForCompanyUntilTheOldestRequestHasUsedItsDelay() {
        PendingRequest a = request(1, 0);
        PendingRequest b = request(1, 60);
        patient.offer(a);
        patient.offer(b);

        assertThat(patient.next(60)).isEqualTo(new Next.Wait(Duration.ofNanos(40)));
        assertThat(patient.next(100)).isEqualTo(new Next.Run(List.of(a, b)));
    }

    @Test
    void aFullBatchDoesNotWait() {
        PendingRequest a = request(1, 0);
        PendingRequest b = request(3, 1);
        patient.offer(a);
        patient.offer(b);

        assertThat(patient.next(1)).isEqualTo(new Next.Run(List.of(a, b)));
    }

    @Test
    void aBatchThatTheNextRequestDoesNotFitDoesNotWait() {
        PendingRequest a = request(2, 0);
        PendingRequest b = request(3, 1);
        patient.offer(a);
        patient.offer(b);

        assertThat(patient.next(1)).isEqualTo(new Next.Run(List.of(a)));
        assertThat(patient.next(1)).isEqualTo(new Next.Wait(Duration.ofNanos(100)));
    }

    @Test
    void aRequestThatWouldNotSurviveTheDelayDoesNotWait() {
        PendingRequest a = request(1, 0);
        PendingRequest b = request(1, 10, 90, 3);
        patient.offer(a);
        patient.offer(b);

        assertThat(patient.next(10)).isEqualTo(new Next.Run(List.of(a, b)));
    }

    @Test
    void onlyRowsOfEqualShapeRunTogether() {
        PendingRequest a = request(1, 0, NEVER, 3);
        PendingRequest b = request(1, 1, NEVER, 5);
        PendingRequest c = request(1, 2, NEVER, 3);
        List.of(a, b, c).forEach(eager::offer);

        assertThat(eager.next(3)).isEqualTo(new Next.Run(List.of(a)));
        assertThat(eager.next(3)).isEqualTo(new Next.Run(List.of(b)));
        assertThat(eager.next(3)).isEqualTo(new Next.Run(List.of(c)));
    }

    @Test
    void aPassedDeadlineGetsNoBatchSlot() {
        PendingRequest a = request(1, 0, 50, 3);
        PendingRequest b = request(1, 1);
        eager.offer(a);
        eager.offer(b);

        assertThat(eager.next(50)).isEqualTo(new Next.Drop(List.of(a)));
        assertThat(eager.next(50)).isEqualTo(new Next.Run(List.of(b)));
    }

    @Test
    void refusesRowsThatDoNotFitAndTakesThemWhenThereIsRoom() {
        assertThat(eager.offer(request(4, 0))).isTrue();
        assertThat(eager.offer(request(3, 0))).isTrue();
        assertThat(eager.offer(request(2, 0))).isFalse();

        eager.next(0);

        assertThat(eager.offer(request(2, 0))).isTrue();
    }

    @Test
    void aRemovedRequestNeverRunsAndItsRoomIsFree() {
        PendingRequest a = request(4, 0);
        PendingRequest b = request(4, 0);
        eager.offer(a);
        eager.offer(b);

        assertThat(eager.remove(a)).isTrue();
        assertThat(eager.remove(a)).isFalse();

        assertThat(eager.rows()).isEqualTo(4);
        assertThat(eager.next(0)).isEqualTo(new Next.Run(List.of(b)));
    }

    /** No request is lost, repeated, overtaken by its equals, run after its deadline, or held back beyond its delay. */
    @RepeatedTest(300)
    void holdsItsPromisesInRandomTraffic(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int maxBatchSize = 1 + random.nextInt(8);
        int maxRows = maxBatchSize + random.nextInt(40);
        long delay = random.nextBoolean() ? 0 : random.nextInt(50);
        var queue = new BatchQueue(maxBatchSize, Duration.ofNanos(delay), maxRows);
        long now = random.nextBoolean() ? Long.MAX_VALUE - 500 : -300; // System.nanoTime may wrap and be negative
        List<PendingRequest> waiting = new ArrayList<>();
        Set<PendingRequest> gone = new HashSet<>();

        for (int step = 0; step < 400; step++) {
            now += random.nextInt(8);
            int choice = random.nextInt(10);
            if (choice < 5) {
                PendingRequest request = request(
                        1 + random.nextInt(maxBatchSize),
                        now,
                        now + (random.nextInt(4) == 0 ? random.nextInt(60) : NEVER),
                        3 + random.nextInt(2));
                int before = rows(waiting);
                boolean fits = before + request.rows() <= maxRows;
                assertThat(queue.offer(request)).isEqualTo(fits);
                if (fits) {
                    waiting.add(request);
                }
            } else if (choice == 5 && !waiting.isEmpty()) {
                PendingRequest left = waiting.remove(random.nextInt(waiting.size()));
                assertThat(queue.remove(left)).isTrue();
            } else {
                long asked = now;
                switch (queue.next(now)) {
                    case Next.Run(List<PendingRequest> batch) -> {
                        assertThat(batch).isEqualTo(waiting.subList(0, batch.size()));
                        assertThat(rows(batch)).isBetween(1, maxBatchSize);
                        assertThat(batch).allMatch(request -> request.deadlineNanos() - asked > 0);
                        assertThat(batch)
                                .allMatch(request -> request.inputs()
                                        .sameRowShapes(batch.getFirst().inputs()));
                        assertThat(batch).allMatch(gone::add);
                        waiting.subList(0, batch.size()).clear();
                    }
                    case Next.Drop(List<PendingRequest> expired) -> {
                        assertThat(expired)
                                .isNotEmpty()
                                .containsExactlyElementsOf(waiting.stream()
                                        .filter(request -> request.deadlineNanos() - asked <= 0)
                                        .toList());
                        assertThat(expired).allMatch(gone::add);
                        waiting.removeAll(expired);
                    }
                    case Next.Wait(Duration atMost) ->
                        assertThat(atMost.toNanos())
                                .isPositive()
                                .isEqualTo(waiting.getFirst().enqueuedNanos() + delay - asked);
                    case Next.Idle() -> assertThat(waiting).isEmpty();
                }
            }
            assertThat(queue.rows()).isEqualTo(rows(waiting));
        }
    }

    private static int rows(List<PendingRequest> requests) {
        return requests.stream().mapToInt(PendingRequest::rows).sum();
    }

    private static PendingRequest request(int rows, long enqueuedNanos) {
        return request(rows, enqueuedNanos, enqueuedNanos + NEVER, 3);
    }

    private static PendingRequest request(int rows, long enqueuedNanos, long deadlineNanos, int width) {
        var x = new Tensor("x", Datatype.FP32, Shape.of(rows, width), ByteBuffer.allocate(rows * width * Float.BYTES));
        return new PendingRequest(new ModelInputs(List.of(x), rows), enqueuedNanos, deadlineNanos);
    }
}
