package io.millrace.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunTimesTest {

    @Test
    void theBestBatchIsTheSmallestThatIsNearlyAsFastPerRowAsTheFastest() {
        // Rows a microsecond: 0.01, 0.040, 0.043, 0.047.
        assertThat(times(1, 100, 8, 200, 16, 370, 64, 1360).bestBatchSize()).isEqualTo(16);
        assertThat(times(1, 100, 2, 200, 4, 400).bestBatchSize()).isEqualTo(1);
        assertThat(times(1, 100, 2, 100, 4, 100).bestBatchSize()).isEqualTo(4);
    }

    @Test
    void betweenTwoSizesTheTimeGrowsEvenly() {
        RunTimes times = times(1, 100, 4, 400, 16, 1000);

        assertThat(times.nanos(1)).isEqualTo(100);
        assertThat(times.nanos(3)).isEqualTo(300);
        assertThat(times.nanos(10)).isEqualTo(700);
        assertThat(times.nanos(16)).isEqualTo(1000);
    }

    @Test
    void whatRunsCorrectsThePrediction() {
        RunTimes times = times(1, 100, 4, 400, 16, 1000);

        times.observed(4, 800);
        assertThat(times.nanos(4)).isEqualTo(440);
        assertThat(times.nanos(1)).isEqualTo(110);

        for (int i = 0; i < 200; i++) {
            times.observed(10, 1400);
        }
        assertThat(times.nanos(10)).isEqualTo(1400);
        assertThat(times.nanos(1)).isEqualTo(200);
    }

    @Test
    void oneInterruptedRunIsHardlyBelieved() {
        RunTimes times = times(1, 100, 4, 400);

        times.observed(4, 1_000_000);

        assertThat(times.nanos(4)).isEqualTo(520);
    }

    static RunTimes times(long... rowsAndNanos) {
        var measured = new TreeMap<Integer, Long>();
        for (int i = 0; i < rowsAndNanos.length; i += 2) {
            measured.put((int) rowsAndNanos[i], rowsAndNanos[i + 1]);
        }
        return new RunTimes(measured);
    }
}
