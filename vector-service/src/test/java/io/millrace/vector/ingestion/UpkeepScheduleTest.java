package io.millrace.vector.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UpkeepScheduleTest {

    private static final long MILLI = 1_000_000;

    private final UpkeepSchedule schedule = new UpkeepSchedule(Duration.ofMillis(200), Duration.ofSeconds(30), 0);

    @Test
    void refreshesTheFirstPointAtOnceAndTheNextAfterTheInterval() {
        assertThat(schedule.refreshDue(0)).isFalse();
        schedule.read(true);
        assertThat(schedule.refreshDue(0)).isTrue();
        schedule.refreshed(0, 5 * MILLI);

        schedule.read(true);
        assertThat(schedule.refreshDue(204 * MILLI)).isFalse();
        assertThat(schedule.idle(105 * MILLI)).isEqualTo(Duration.ofMillis(100));
        assertThat(schedule.refreshDue(205 * MILLI)).isTrue();
    }

    @Test
    void waitsLongerAfterAnExpensiveRefreshButNeverMoreThanASecond() {
        schedule.read(true);
        schedule.refreshed(0, 40 * MILLI);
        schedule.read(true);
        assertThat(schedule.refreshDue(439 * MILLI)).isFalse();
        assertThat(schedule.refreshDue(440 * MILLI)).isTrue();

        schedule.refreshed(1_000 * MILLI, 1_500 * MILLI);
        schedule.read(true);
        assertThat(schedule.refreshDue(2_499 * MILLI)).isFalse();
        assertThat(schedule.refreshDue(2_500 * MILLI)).isTrue();
    }

    @Test
    void refreshesNothingWhereNothingHasChanged() {
        schedule.read(false);
        assertThat(schedule.refreshDue(MILLI)).isFalse();
        assertThat(schedule.idle(MILLI)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void commitsWhatWasReadAfterTheInterval() {
        assertThat(schedule.commitDue(31_000 * MILLI)).isFalse();
        schedule.read(false);
        assertThat(schedule.commitDue(29_999 * MILLI)).isFalse();
        assertThat(schedule.commitDue(30_000 * MILLI)).isTrue();
        schedule.committed(30_001 * MILLI);
        assertThat(schedule.commitDue(99_000 * MILLI)).isFalse();
    }
}
