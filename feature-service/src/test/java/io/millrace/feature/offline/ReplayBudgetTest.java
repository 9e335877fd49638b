package io.millrace.feature.offline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.feature.FeatureException;
import org.junit.jupiter.api.Test;

class ReplayBudgetTest {

    @Test
    void endsWithTheLimitInItsMessage() {
        ReplayBudget budget = new ReplayBudget(100);
        budget.spend(60);
        budget.spend(40);

        assertThatThrownBy(() -> budget.spend(1))
                .isInstanceOf(FeatureException.InvalidRequest.class)
                .hasMessageContaining("more than 100 bytes");
    }
}
