package io.millrace.storefront.retail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WeekShiftTest {

    private static final Instant END = Instant.parse("2011-10-01T00:00:00Z"); // a Saturday

    @Test
    void theEndBecomesTheLastSuchMomentNotAfterNow() {
        WeekShift shift = WeekShift.between(END, Instant.parse("2026-11-24T09:00:00Z")); // a Tuesday

        assertThat(shift.apply(END)).isEqualTo(Instant.parse("2026-11-21T00:00:00Z"));
    }

    @Test
    void theVeryMomentIsNotAfterNow() {
        assertThat(WeekShift.between(END, END.plus(Duration.ofDays(21))).by()).isEqualTo(Duration.ofDays(21));
        assertThat(WeekShift.between(END, END.plus(Duration.ofDays(21)).minusMillis(1))
                        .by())
                .isEqualTo(Duration.ofDays(14));
    }

    @Test
    void dataFromTheFutureMovesBack() {
        assertThat(WeekShift.between(END, END.minusSeconds(1)).by()).isEqualTo(Duration.ofDays(-7));
    }
}
