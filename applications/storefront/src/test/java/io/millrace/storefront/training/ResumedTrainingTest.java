package io.millrace.storefront.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumedTrainingTest {

    @TempDir
    private Path folder;

    @Test
    void aKilledTrainingGoesOnAndEndsWithTheModelsItWouldHaveMade() throws Exception {
        killAt("towers for the judged period: ");
        List<String> first = killAt("ranker: ");
        List<String> second = run("checkpoints", "models");
        List<String> whole = run("other-checkpoints", "other-models");

        assertThat(first)
                .contains("resumed: towers for the first period", "resumed: towers for the judged period")
                .doesNotContain("resumed: network, judged", "resumed: towers")
                .anyMatch(line -> line.startsWith("towers: "));
        assertThat(second)
                .contains("resumed: network, judged", "resumed: towers", "resumed: ranker")
                .noneMatch(line -> line.startsWith("towers: "));
        assertThat(whole).noneMatch(line -> line.startsWith("resumed"));
        for (String model : List.of(TwoTower.NAME, TwoTower.ITEM_NAME, Ranker.NAME)) {
            assertThat(folder.resolve("models").resolve(model))
                    .hasSameBinaryContentAs(folder.resolve("other-models").resolve(model));
        }
        assertThat(folder.resolve("checkpoints")).isDirectoryNotContaining("glob:**.stage");
    }

    /** Kills a training that waits after a line that begins like this; what it had said by then. */
    private List<String> killAt(String line) throws IOException, InterruptedException {
        Process process = start("checkpoints", "models", line);
        List<String> said = new ArrayList<>();
        BufferedReader lines = process.inputReader();
        do {
            String next = lines.readLine();
            assertThat(next).as(String.join("\n", said)).isNotNull();
            said.add(next);
        } while (!said.getLast().startsWith(line));
        process.destroyForcibly().waitFor();
        assertThat(folder.resolve("models")).doesNotExist();
        return said;
    }

    private List<String> run(String checkpoints, String models) throws IOException, InterruptedException {
        Process process = start(checkpoints, models, "never");
        List<String> lines = process.inputReader().readAllLines();
        assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
        return lines;
    }

    private Process start(String checkpoints, String models, String waitAt) throws IOException {
        // a long command line is read by ONNX Runtime, which ends the process
        Path arguments = Files.writeString(
                folder.resolve("arguments"),
                "-cp \"" + System.getProperty("java.class.path").replace("\\", "\\\\") + "\"");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC",
                        "-Xmx1g",
                        "@" + arguments,
                        TrainingProcess.class.getName(),
                        folder.resolve(checkpoints).toString(),
                        folder.resolve(models).toString(),
                        waitAt)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
