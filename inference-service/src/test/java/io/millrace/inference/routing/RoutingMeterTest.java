package io.millrace.inference.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.MetricsPage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RoutingMeterTest {

    @Test
    void isExplainedInTheDocuments() {
        assertThat(MetricsPage.rows("millrace.inference.routing."))
                .containsExactlyElementsOf(Arrays.stream(RoutingMeter.values())
                        .map(meter -> meter.meterName() + ": " + meter.description())
                        .toList());
    }
}
