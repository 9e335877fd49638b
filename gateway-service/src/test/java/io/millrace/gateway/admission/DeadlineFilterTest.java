package io.millrace.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineFilterTest {

    @Test
    void keepsAReserveForTheWayBackButNeverMostOfTheTime() {
        assertThat(inward(10_000)).isEqualTo(9_990);
        assertThat(inward(30)).isEqualTo(20);
        assertThat(inward(15)).isEqualTo(8);
        assertThat(inward(1)).isEqualTo(1);
    }

    private static long inward(long millis) {
        return DeadlineFilter.inward(Duration.ofMillis(millis), Duration.ofMillis(10))
                .toMillis();
    }
}
