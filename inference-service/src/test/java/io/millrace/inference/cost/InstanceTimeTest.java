package io.millrace.inference.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class InstanceTimeTest {

    @Test
    void tellsWhatTheTimeWasSpentOn() {
        var time = new InstanceTime(2, 100);
        time.began(0, 130);
        time.ended(0, 180, 40);
        time.began(1, 190);

        assertThat(time.until(200)).isEqualTo(new InstanceTime.Split(40, 10, 30 + 20 + 90, 10));
    }

    /** The bill of the clock: price by instances by time. */
    @RepeatedTest(200)
    void allPartsTogetherAreTheTimeOfAllInstances(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        int instances = 1 + random.nextInt(4);
        long start = random.nextBoolean() ? Long.MAX_VALUE - 1000 : 5;
        var time = new InstanceTime(instances, start);
        var busySince = new long[instances];
        Arrays.fill(busySince, -1);
        long now = start;
        long answered = 0;
        for (int step = 0; step < 300; step++) {
            now += random.nextInt(20);
            int instance = random.nextInt(instances);
            if (busySince[instance] < 0) {
                time.began(instance, now);
                busySince[instance] = now - start;
            } else {
                long run = random.nextLong(now - start - busySince[instance] + 1);
                long[] shares = InstanceTime.shares(run, rows(random));
                assertThat(Arrays.stream(shares).sum()).isEqualTo(run);
                answered += run;
                time.ended(instance, now, run);
                busySince[instance] = -1;
            }
            InstanceTime.Split split = time.until(now);
            assertThat(split.total()).isEqualTo(instances * (now - start));
            assertThat(split.answered()).isEqualTo(answered);
            assertThat(split.wasted()).isNotNegative();
            assertThat(split.idle()).isNotNegative();
        }
    }

    @Test
    void aRequestPaysForItsRows() {
        assertThat(InstanceTime.shares(100, 1, 3)).containsExactly(25, 75);
        assertThat(InstanceTime.shares(10, 1, 1, 1)).containsExactly(3, 3, 4);
    }

    private static int[] rows(Random random) {
        return random.ints(1 + random.nextInt(5), 1, 64).toArray();
    }
}
