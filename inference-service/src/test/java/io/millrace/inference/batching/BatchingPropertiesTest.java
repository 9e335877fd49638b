package io.millrace.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class BatchingPropertiesTest {

    @Test
    void aQuarterOfAGigabyteOfRequestsMayBeInMemory() {
        assertThat(bind(Map.of())).isEqualTo(new BatchingProperties(DataSize.ofMegabytes(256)));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> bind(Map.of("millrace.inference.batching.max-bytes-in-flight", "0")))
                .hasRootCauseMessage("millrace.inference.batching.max-bytes-in-flight: write a size above zero");
    }

    private static BatchingProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("millrace.inference.batching", BatchingProperties.class);
    }
}
