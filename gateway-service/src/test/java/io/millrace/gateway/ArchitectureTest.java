package io.millrace.gateway;

import io.millrace.testing.ServiceRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void followsTheRulesOfEveryService() {
        ServiceRules.check("io.millrace.gateway");
    }
}
