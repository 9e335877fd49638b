package io.millrace.inference.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class RepositoryPropertiesTest {

    @Test
    void scansOnceASecondAndKeepsTwoVersions() {
        assertThat(bind(Map.of()))
                .isEqualTo(new RepositoryProperties(
                        Path.of(".millrace/models"),
                        Duration.ofSeconds(1),
                        2,
                        RepositoryProperties.Control.POLL,
                        List.of(),
                        new RepositoryProperties.Proof(true, Duration.ofSeconds(60), DataSize.ofGigabytes(8))));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> bind(Map.of("millrace.inference.scan-interval", "0s")))
                .hasRootCauseMessage("millrace.inference.scan-interval: write a time above zero");
        assertThatThrownBy(() -> bind(Map.of("millrace.inference.kept-versions", "0")))
                .hasRootCauseMessage("millrace.inference.kept-versions: write at least 1");
        assertThatThrownBy(() -> bind(Map.of("millrace.inference.load", "ranker")))
                .hasRootCauseMessage("millrace.inference.load: is for millrace.inference.control=explicit");
        assertThatThrownBy(() -> bind(Map.of("millrace.inference.proof.time-limit", "0s")))
                .hasRootCauseMessage("millrace.inference.proof.time-limit: write a time above zero");
    }

    private static RepositoryProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("millrace.inference", RepositoryProperties.class);
    }
}
