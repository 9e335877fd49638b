package io.millrace.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.Scheduling;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchQueueTest {

    private static final long NEVER = Long.MAX_VALUE / 2;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final BatchQueue eager = queue(Duration.ZERO);
    private final BatchQueue patient = queue(Duration.ofNanos(100));

    @Test
    void anEmptyQueueHasNothingToDo() {
        assertThat(eager.next(0)).isEqualTo(new Next.Idle());
    }

    @Test
    void withoutDelayALoneRequestRunsAtOnce() {
        PendingRequest a = offer(eager, request(1, 0));

        assertThat(eager.next(0)).isEqualTo(run(0, CloseReason.IDLE, a));
        assertThat(eager.next(0)).isEqualTo(new Next.Idle());
    }

    @Test
    void whatCameMeanwhileRunsTogetherUpToTheLargestBatchCountedInRows() {
        PendingRequest a = offer(eager, request(1, 0));
        PendingRequest b = offer(eager, request(2, 1));
        PendingRequest c = offer(eager, request(2, 2));

        assertThat(eager.next(3)).isEqualTo(run(3, CloseReason.FULL, a, b));
        assertThat(eager.next(3)).isEqualTo(run(3, CloseReason.IDLE, c));
    }

    @Test
    void aBatchStopsGrowingWhereRowsGetNoFaster() {
        var queue = new BatchQueue(
                new Scheduling(8, Duration.ZERO, 64, 1, MINUTE), RunTimesTest.times(1, 10, 2, 12, 8, 48));
        PendingRequest a = offer(queue, request(1, 0));
        PendingRequest b = offer(queue, request(4, 0));
        PendingRequest c = offer(queue, request(1, 0));

        assertThat(runs(queue, 0)).isEqualTo(List.of(a, b));
        assertThat(runs(queue, 0)).isEqualTo(List.of(c));
    }

    @Test
    void aLoneRequestIsNotHeldBackWhenNoOtherIsToBeExpected() {
        PendingRequest a = offer(patient, request(1, 0));

        assertThat(patient.next(0)).isEqualTo(run(0, CloseReason.IDLE, a));
    }

    @Test
    void waitsForCompanyUntilTheOldestRequestHasUsedItsDelay() {
        PendingRequest a = offer(patient, request(1, 0));
        PendingRequest b = offer(patient, request(1, 30));

        assertThat(patient.next(60)).isEqualTo(new Next.Wait(Duration.ofNanos(40)));
        assertThat(patient.next(100)).isEqualTo(run(100, CloseReason.DELAY, a, b));
    }

    @Test
    void nothingIsHeldBackWhenNobodyElseWillCome() {
        PendingRequest a = offer(patient, request(1, 0));
        PendingRequest b = offer(patient, request(1, 30));

        patient.drain();

        assertThat(patient.next(60)).isEqualTo(run(60, CloseReason.IDLE, a, b));
    }

    @Test
    void aFullBatchDoesNotWait() {
        PendingRequest a = offer(patient, request(1, 0));
        PendingRequest b = offer(patient, request(3, 1));

        assertThat(patient.next(1)).isEqualTo(run(1, CloseReason.FULL, a, b));
    }

    @Test
    void aBatchThatTheNextRequestDoesNotFitDoesNotWait() {
        PendingRequest a = offer(patient, request(2, 0));
        offer(patient, request(3, 1));

        assertThat(patient.next(1)).isEqualTo(run(1, CloseReason.FULL, a));
        assertThat(patient.next(1)).isEqualTo(new Next.Wait(Duration.ofNanos(100)));
    }

    @Test
    void aRequestIsHeldBackOnlyAsLongAsItsDeadlineAllows() {
        var queue = new BatchQueue(
                new Scheduling(4, Duration.ofNanos(100), 8, 1, MINUTE), RunTimesTest.times(1, 20, 2, 40, 4, 60));
        PendingRequest a = offer(queue, request(1, 0));
        PendingRequest b = offer(queue, request(1, 10, 110, 3));

        assertThat(queue.next(10)).isEqualTo(new Next.Wait(Duration.ofNanos(60)));
        assertThat(queue.next(70)).isEqualTo(new Next.Run(List.of(a, b), CloseReason.DEADLINE, 110));
    }

    @Test
    void onlyRowsOfEqualShapeRunTogether() {
        PendingRequest a = offer(eager, request(1, 0, NEVER, 3));
        PendingRequest b = offer(eager, request(1, 1, NEVER, 5));
        PendingRequest c = offer(eager, request(1, 2, NEVER, 3));

        assertThat(eager.next(3)).isEqualTo(run(3, CloseReason.SHAPE, a));
        assertThat(eager.next(3)).isEqualTo(run(3, CloseReason.SHAPE, b));
        assertThat(eager.next(3)).isEqualTo(run(3, CloseReason.IDLE, c));
    }

    @Test
    void aPassedDeadlineGetsNoBatchSlot() {
        PendingRequest a = offer(eager, request(1, 0, 50, 3));
        PendingRequest b = offer(eager, request(1, 1));

        assertThat(eager.nextDeadlineNanos()).hasValue(50);
        assertThat(eager.next(50)).isEqualTo(new Next.Drop(List.of(a)));
        assertThat(eager.next(50)).isEqualTo(run(50, CloseReason.IDLE, b));
        assertThat(eager.nextDeadlineNanos()).isEmpty();
    }

    @Test
    void refusesRowsThatDoNotFitAndTakesThemWhenThereIsRoom() {
        offer(eager, request(4, 0));
        offer(eager, request(3, 0));
        assertThatThrownBy(() -> offer(eager, request(2, 0)))
                .isInstanceOf(InferenceException.QueueFull.class)
                .hasMessageStartingWith("7 rows wait already and 2 more do not fit");

        eager.next(0);

        offer(eager, request(2, 0));
        assertThat(eager.rows()).isEqualTo(5);
        assertThat(eager.rowsInFlight()).isEqualTo(9);
    }

    @Test
    void refusesAtTheDoorWhatWouldBeAnsweredTooLate() {
        // 100 rows take 1000 together; one batch runs until then, 200 rows wait.
        var queue = new BatchQueue(
                new Scheduling(100, Duration.ZERO, 1000, 1, MINUTE), RunTimesTest.times(1, 100, 100, 1000));
        offer(queue, request(100, 0));
        var running = (Next.Run) queue.next(0);
        offer(queue, request(100, 0));
        offer(queue, request(100, 0));

        assertThatThrownBy(() -> offer(queue, request(1, 400, 400 + 3500, 3)))
                .isInstanceOfSatisfying(
                        InferenceException.WouldBeLate.class,
                        late -> assertThat(late.retryAfter()).isEqualTo(Duration.ofNanos(600 + 2000 + 100 - 2625)));
        offer(queue, request(1, 400, 400 + 3600, 3));
        queue.ended(running);
        offer(queue, request(1, 400, 400 + 2900, 3));
    }

    @Test
    void anIdleInstanceTakesWhatItMayNotFinishInTime() {
        var queue = new BatchQueue(
                new Scheduling(100, Duration.ZERO, 1000, 1, MINUTE), RunTimesTest.times(1, 100, 100, 1000));

        PendingRequest a = offer(queue, request(1, 0, 50, 3));

        assertThat(runs(queue, 0)).isEqualTo(List.of(a));
    }

    @Test
    void aRemovedRequestNeverRunsAndItsRoomIsFree() {
        PendingRequest a = offer(eager, request(4, 0));
        PendingRequest b = offer(eager, request(4, 0));

        assertThat(eager.remove(a)).isTrue();
        assertThat(eager.remove(a)).isFalse();

        assertThat(eager.rows()).isEqualTo(4);
        assertThat(eager.next(0)).isEqualTo(run(0, CloseReason.FULL, b));
    }

    @Test
    void aHigherPriorityOvertakesAndALowerOneIsServedByItsShare() {
        var queue =
                new BatchQueue(new Scheduling(1, Duration.ZERO, 1000, 1, MINUTE, 3, 0, 0), RunTimesTest.times(1, 0));
        for (int i = 0; i < 100; i++) {
            for (int level = 3; level >= 1; level--) {
                offer(queue, new PendingRequest(inputs(1, 3), level, 0, NEVER));
            }
        }

        List<Integer> first = new ArrayList<>();
        for (int i = 0; i < 105; i++) {
            first.add(runs(queue, 0).getFirst().level());
        }

        assertThat(first.getFirst()).isEqualTo(1);
        assertThat(first).filteredOn(level -> level == 1).hasSize(80);
        assertThat(first).filteredOn(level -> level == 2).hasSize(20);
        assertThat(first).filteredOn(level -> level == 3).hasSize(5);
    }

    @Test
    void aPriorityThatWasNotUsedIsOwedNothing() {
        var queue =
                new BatchQueue(new Scheduling(1, Duration.ZERO, 1000, 1, MINUTE, 2, 0, 0), RunTimesTest.times(1, 0));
        for (int i = 0; i < 50; i++) {
            offer(queue, new PendingRequest(inputs(1, 3), 1, 0, NEVER));
        }
        for (int i = 0; i < 40; i++) {
            queue.next(0);
        }
        for (int i = 0; i < 10; i++) {
            offer(queue, new PendingRequest(inputs(1, 3), 2, 0, NEVER));
        }

        List<Integer> then = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            then.add(runs(queue, 0).getFirst().level());
        }
        assertThat(then).containsOnlyOnce(2);
    }

    private static BatchQueue queue(Duration delay) {
        return new BatchQueue(new Scheduling(4, delay, 8, 1, MINUTE), RunTimesTest.times(1, 0, 4, 0));
    }

    private static PendingRequest offer(BatchQueue queue, PendingRequest request) {
        queue.offer(request, request.enqueuedNanos());
        return request;
    }

    /** What runs then, and takes no time. */
    private static Next.Run run(long nowNanos, CloseReason reason, PendingRequest... batch) {
        return new Next.Run(List.of(batch), reason, nowNanos);
    }

    private static List<PendingRequest> runs(BatchQueue queue, long nowNanos) {
        return ((Next.Run) queue.next(nowNanos)).batch();
    }

    private static PendingRequest request(int rows, long enqueuedNanos) {
        return request(rows, enqueuedNanos, enqueuedNanos + NEVER, 3);
    }

    private static PendingRequest request(int rows, long enqueuedNanos, long deadlineNanos, int width) {
        return new PendingRequest(inputs(rows, width), 2, enqueuedNanos, deadlineNanos);
    }

    private static ModelInputs inputs(int rows, int width) {
        var x = new Tensor("x", Datatype.FP32, Shape.of(rows, width), ByteBuffer.allocate(rows * width * Float.BYTES));
        return new ModelInputs(List.of(x), rows);
    }
}
