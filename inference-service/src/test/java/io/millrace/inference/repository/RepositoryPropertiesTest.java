package io.millrace.inference.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RepositoryPropertiesTest {

    @Test
    void scansOnceASecondAndKeepsTwoVersions() {
        assertThat(bind(Map.of()))
                .isEqualTo(new RepositoryProperties(Path.of(".millrace/models"), Duration.ofSeconds(1), 2));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> bind(Map.of("millrace.inference.scan-interval", "0s")))
                .hasRootCauseMessage("millrace.inference.scan-interval: write a time above zero");
        assertThatThrownBy(() -> bind(Map.of("millrace.inference.kept-versions", "0")))
                .hasRootCauseMessage("millrace.inference.kept-versions: write at least 1");
    }

    private static RepositoryProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("millrace.inference", RepositoryProperties.class);
    }
}
