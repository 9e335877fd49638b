package io.millrace.benchmarks.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalTest {

    @Test
    void saysWhetherTheFloorAndTheAimWereReached() {
        assertThat(Goal.atLeast("a", "1 of 2", 0.5, 0.4, 0.9).row())
                .isEqualTo("| a | 1 of 2 | 0.50 | at least 0.40 | 0.90 | yes, below the aim |");
        assertThat(Goal.atLeast("a", "1 of 2", 0.95, 0.4, 0.9).row()).endsWith("| yes |");
        assertThat(Goal.atLeast("a", "1 of 2", 0.3, 0.4, 0.9).row()).endsWith("| **no** |");
        assertThat(Goal.atMost("a", "1 of 2", 101, 100).isReached()).isFalse();
        assertThat(Goal.atMost("a", "1 of 2", 99, 100).row()).endsWith("| at most 100.00 |  | yes |");
    }
}
