package io.millrace.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.MetricsPage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InferenceMeterTest {

    @Test
    void isExplainedInTheDocuments() {
        assertThat(MetricsPage.rows("millrace.inference.").stream()
                        .filter(row -> !row.startsWith("millrace.inference.routing.")))
                .containsExactlyElementsOf(Arrays.stream(InferenceMeter.values())
                        .map(meter -> meter.meterName() + ": " + meter.description())
                        .toList());
    }
}
