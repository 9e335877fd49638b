package io.millrace.inference.repository;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.inference.InferenceApplication;
import io.millrace.inference.OnnxFile;
import io.millrace.inference.TestModels;
import io.millrace.inference.model.RefusedModelException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProofTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path root;

    @Test
    void aChildOfThisProgramTellsGoodVersionsFromBadOnes() {
        var models = new TestModels(root);
        models.write("dense", 1, TestModels.DENSE_YAML, OnnxFile.dense(2, 1, 1).bytes());
        models.write("dense", 2, TestModels.DENSE_YAML, new byte[] {1, 2, 3});
        var command = new ProofCommand(InferenceApplication.class, List.of("prove-models"));
        try (var proof = new ChildProof(command.line(8 << 20), command.environment(), MINUTE)) {
            assertThatCode(() -> proof.prove(version(1))).doesNotThrowAnyException();
            assertThatThrownBy(() -> proof.prove(version(2)))
                    .isInstanceOf(RefusedModelException.class)
                    .hasMessageStartingWith("ONNX Runtime cannot load the file");
            assertThatCode(() -> proof.prove(version(1))).doesNotThrowAnyException();
        }
    }

    @Test
    void aVersionThatEndsTheChildIsRefusedAndTheNextOneHasAnotherChild() {
        try (var proof = new ChildProof(
                shell(
                        "echo millrace-proof started; read folder; case $folder in */1) echo noise; echo millrace-proof good;; esac"),
                Map.of(),
                MINUTE)) {
            assertThatThrownBy(() -> proof.prove(version(7)))
                    .isInstanceOf(RefusedModelException.class)
                    .hasMessage("it ended the process that tried it out, with exit code 0");
            assertThatCode(() -> proof.prove(version(1))).doesNotThrowAnyException();
        }
        try (var proof =
                new ChildProof(shell("echo millrace-proof started; read folder; kill -SEGV $$"), Map.of(), MINUTE)) {
            assertThatThrownBy(() -> proof.prove(version(1)))
                    .isInstanceOf(RefusedModelException.class)
                    .hasMessage("it ended the process that tried it out, with exit code 139");
        }
    }

    @Test
    void aVersionThatNeverComesToAnEndIsRefused() {
        try (var proof = new ChildProof(
                shell("echo millrace-proof started; read folder; read never"), Map.of(), Duration.ofMillis(200))) {
            assertThatThrownBy(() -> proof.prove(version(1)))
                    .isInstanceOf(RefusedModelException.class)
                    .hasMessageContaining("it was not loaded and warm after");
        }
    }

    @Test
    void aChildThatCannotStartIsNoVerdict() {
        try (var proof = new ChildProof(List.of(root.resolve("absent").toString()), Map.of(), MINUTE)) {
            assertThatThrownBy(() -> proof.prove(version(1))).isInstanceOf(UncheckedIOException.class);
        }
        try (var proof = new ChildProof(shell("exit 1"), Map.of(), MINUTE)) {
            assertThatThrownBy(() -> proof.prove(version(1))).isInstanceOf(UncheckedIOException.class);
        }
    }

    private VersionFolder version(int version) {
        return new VersionFolder(root.resolve("dense").resolve(Integer.toString(version)));
    }

    private static List<String> shell(String script) {
        return List.of("/bin/sh", "-c", script);
    }
}
