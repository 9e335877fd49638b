package io.millrace.storefront.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedTrainingTest {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant LATER = NOON.plus(Duration.ofHours(2));

    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();

    @Test
    void goesOnWithTheEventsItBeganWith() throws IOException {
        cutOffAfter("towers");

        try (UnfinishedTraining again = UnfinishedTraining.in(folder, said::add)) {
            assertThat(read(again, LATER, 250, "seed 1")).isEqualTo(200);
            assertThat(again.checkpoints().find("towers")).hasValue(utf8("learnt"));
            assertThat(again.checkpoints().find("ranker")).isEmpty();
        }
        assertThat(said).isEmpty();
    }

    @Test
    void beginsAnewWhenSomethingElseDecidesTheModels() throws IOException {
        cutOffAfter("towers");

        try (UnfinishedTraining again = UnfinishedTraining.in(folder, said::add)) {
            assertThat(read(again, LATER, 250, "seed 2")).isEqualTo(250);
            assertThat(again.checkpoints().find("towers")).isEmpty();
        }
        assertThat(said).containsExactly("starting over: the events, the features, the seed or the program are others");
    }

    @Test
    void beginsAnewAndSaysSoWhenACheckpointIsDamaged() throws IOException {
        cutOffAfter("towers", "ranker");
        Path file = folder.resolve("towers.stage");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);

        try (UnfinishedTraining again = UnfinishedTraining.in(folder, said::add)) {
            assertThat(read(again, LATER, 250, "seed 1")).isEqualTo(250);
            assertThat(again.checkpoints().find("ranker")).isEmpty();
        }
        assertThat(said).containsExactly("starting over: the checkpoint towers.stage is damaged");
    }

    @Test
    void beginsAnewWhenACheckpointIsCutShort() throws IOException {
        cutOffAfter("towers");
        Files.write(folder.resolve("towers.stage"), new byte[10]);

        try (UnfinishedTraining again = UnfinishedTraining.in(folder, said::add)) {
            assertThat(read(again, LATER, 250, "seed 1")).isEqualTo(250);
        }
        assertThat(said).containsExactly("starting over: the checkpoint towers.stage is damaged");
    }

    @Test
    void beginsAnewWhenWhatItLearnsFromCannotBeReadOrIsOfYesterday() throws IOException {
        cutOffAfter("towers");
        try (UnfinishedTraining again = UnfinishedTraining.in(folder, said::add)) {
            assertThat(read(again, NOON.plus(Duration.ofDays(2)), 250, "seed 1"))
                    .isEqualTo(250);
            assertThat(again.checkpoints().find("towers")).isEmpty();
        }
        assertThat(said).containsExactly("starting over: the training that was cut off began at " + NOON);

        Files.writeString(folder.resolve("input.json"), "{\"began\":");
        try (UnfinishedTraining again = UnfinishedTraining.in(folder, said::add)) {
            assertThat(read(again, LATER, 300, "seed 1")).isEqualTo(300);
        }
    }

    @Test
    void leavesNothingWhenItIsFinished() throws IOException {
        cutOffAfter("towers");
        Files.createFile(folder.resolve("ranker.stage.tmp"));

        try (UnfinishedTraining again = UnfinishedTraining.in(folder, said::add)) {
            read(again, LATER, 250, "seed 1");
            again.finish();
        }

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("lock");
        }
    }

    @Test
    void twoDoNotTrainAtOnce() throws IOException {
        try (UnfinishedTraining first = UnfinishedTraining.in(folder, said::add)) {
            assertThatThrownBy(() -> UnfinishedTraining.in(folder, said::add))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("another training is running");
            read(first, NOON, 200, "seed 1");
        }
        cutOffAfter("towers");
    }

    private void cutOffAfter(String... stages) throws IOException {
        try (UnfinishedTraining training = UnfinishedTraining.in(folder, said::add)) {
            read(training, NOON, 200, "seed 1");
            for (String stage : stages) {
                training.checkpoints().keep(stage, utf8("learnt"));
            }
        }
    }

    /** How many events were read; the topic has {@code size} of them now. */
    private static long read(UnfinishedTraining training, Instant time, long size, String seed) throws IOException {
        return training.input(time, () -> Map.of(0, size), (ends, key) -> {
            key.add(ends.getOrDefault(0, 0L)).add(seed);
            return ends.getOrDefault(0, 0L);
        });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
