package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {

    @TempDir
    private Path folder;

    @Test
    void ofAKilledLauncherAreEndedAndForgotten() throws Exception {
        var state = new StateFolder(folder);
        Process service = new ProcessBuilder("sleep", "600").start();
        Process kafka = new ProcessBuilder("sleep", "600").start();
        var records = new ProcessRecords(state.run());
        records.add("app-service", service.toHandle());
        records.add("kafka", kafka.toHandle());

        assertThat(Leftovers.end(state)).containsExactly("app-service", "kafka");

        assertThat(service.waitFor()).isEqualTo(128 + 15);
        assertThat(kafka.waitFor()).isEqualTo(128 + 15);
        assertThat(state.run()).isEmptyDirectory();
        assertThat(Leftovers.end(state)).isEmpty();
    }

    @Test
    void thePostmasterIsFoundByItsOwnFileToo() throws Exception {
        var state = new StateFolder(folder);
        Process postmaster = new ProcessBuilder("sleep", "600").start();
        Path data = Files.createDirectories(state.data("postgres"));
        long start = postmaster.info().startInstant().orElseThrow().getEpochSecond();
        Files.writeString(data.resolve("postmaster.pid"), postmaster.pid() + "\n" + data + "\n" + start + "\n8091\n");

        assertThat(Leftovers.end(state)).containsExactly("postgres");

        assertThat(postmaster.waitFor()).isEqualTo(128 + 15);
    }
}
