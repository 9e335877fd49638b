package io.millrace.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.MetricsPage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VectorMeterTest {

    @Test
    void isExplainedInTheDocuments() {
        assertThat(MetricsPage.rows("millrace.vector."))
                .containsExactlyElementsOf(Arrays.stream(VectorMeter.values())
                        .map(meter -> meter.meterName() + ": " + meter.description())
                        .toList());
    }
}
