package io.millrace.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.MetricsPage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FeatureMeterTest {

    @Test
    void isExplainedInTheDocuments() {
        assertThat(MetricsPage.rows("millrace.feature."))
                .containsExactlyElementsOf(Arrays.stream(FeatureMeter.values())
                        .map(meter -> meter.meterName() + ": " + meter.description())
                        .toList());
    }
}
