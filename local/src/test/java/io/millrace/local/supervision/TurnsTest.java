package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {

    @Test
    void noMoreThanSoManyStartAtOnceAndAllComeToTheirTurn() throws Exception {
        var turns = new Turns(2);
        var running = new AtomicInteger();
        var together = new CyclicBarrier(2); // two must meet, or none goes on
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        List<Concurrently.Start> starts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            starts.add(turns.inTurn(() -> {
                seen.add(running.incrementAndGet());
                meet(together);
                running.decrementAndGet();
            }));
        }

        Concurrently.run(starts);

        assertThat(seen).hasSize(6).allMatch(atOnce -> atOnce <= 2);
    }

    @Test
    void aStartThatFailsGivesItsTurnBack() throws Exception {
        var turns = new Turns(1);
        var failing = turns.inTurn(() -> {
            throw new PartFailed("part", "no");
        });
        assertThatThrownBy(failing::run).isInstanceOf(PartFailed.class);

        var next = new AtomicInteger();
        turns.inTurn(next::incrementAndGet).run();

        assertThat(next).hasValue(1);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
