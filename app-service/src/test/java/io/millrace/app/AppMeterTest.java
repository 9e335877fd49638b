package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.MetricsPage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AppMeterTest {

    @Test
    void isExplainedInTheDocuments() {
        assertThat(MetricsPage.rows("millrace.app."))
                .containsExactlyElementsOf(Arrays.stream(AppMeter.values())
                        .map(meter -> meter.meterName() + ": " + meter.description())
                        .toList());
    }
}
