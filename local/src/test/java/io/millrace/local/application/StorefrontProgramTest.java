package io.millrace.local.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.supervision.Ports;
import io.millrace.local.supervision.Repository;
import io.millrace.local.supervision.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorefrontProgramTest {

    @TempDir
    private Path folder;

    @Test
    void theTrainerIsNotToldWhereTheSimulatorsTruthIs() throws IOException {
        var program = new StorefrontProgram(new Repository(folder), new StateFolder(folder), new Ports(8080));
        String truth = folder.resolve("simulation-truth").toString();

        Map<String, String> trainer = program.environment(List.of("train"));
        Map<String, String> simulator = program.environment(List.of("simulate", "--size", "small"));

        assertThat(simulator).containsEntry("MILLRACE_TRUTH_DIR", truth);
        assertThat(trainer).doesNotContainKey("MILLRACE_TRUTH_DIR");
        assertThat(trainer.values()).noneMatch(value -> truth.startsWith(value));
    }
}
