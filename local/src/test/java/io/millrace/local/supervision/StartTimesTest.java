package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTimesTest {

    @TempDir
    private Path root;

    @Test
    void aPartTookFromTheStartOfItsProcessUntilItWasReady() throws Exception {
        var state = new StateFolder(root);
        Files.createDirectories(state.run());
        ProcessHandle self = ProcessHandle.current();
        Instant start = self.info().startInstant().orElseThrow();
        var times = new StartTimes(state);
        assertThat(times.of("kafka")).isEmpty();

        times.ready("kafka", self, start.plusMillis(8_123));

        StartTimes.StartTime kafka = times.of("kafka").orElseThrow();
        assertThat(kafka.wall()).isEqualTo(Duration.ofMillis(8_123));
        assertThat(kafka.cpu()).isPositive();
    }
}
