package io.millrace.storefront.publication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storefront.training.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelRepositoryTest {

    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void aVersionIsCompleteWhenItHasItsNumber() throws IOException {
        ModelRepository repository = new ModelRepository(folder);
        Files.createDirectories(folder.resolve("ranker/3.tmp/left over"));

        repository.publish(model("abc"), 3, Map.of("report.md", utf8("good")), NOW);

        Path version = folder.resolve("ranker/3");
        assertThat(version.resolve("model.onnx")).hasContent("abc");
        assertThat(version.resolve("model.yaml")).hasContent("platform: onnx_onnxv1");
        assertThat(version.resolve("report.md")).hasContent("good");
        assertThat(folder.resolve("ranker/model.yaml")).hasContent("platform: onnx_onnxv1");
        assertThat(folder.resolve("ranker/3.tmp")).doesNotExist();
        JsonNode manifest = new JsonMapper().readTree(Files.readAllBytes(version.resolve("manifest.json")));
        assertThat(manifest.at("/sha256/model.onnx").asString())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(manifest.at("/created").asString()).isEqualTo("2026-11-24T09:00:00Z");
    }

    @Test
    void theNextVersionIsAboveThoseOfAllItsModels() throws IOException {
        ModelRepository repository = new ModelRepository(folder);

        assertThat(repository.nextVersion(List.of("ranker", "tower"))).isEqualTo(1);
        repository.publish(model("abc"), 4, Map.of(), NOW);
        Files.createDirectories(folder.resolve("ranker/9.tmp"));
        assertThat(repository.nextVersion(List.of("ranker", "tower"))).isEqualTo(5);
    }

    private static Model model(String onnx) {
        return new Model("ranker", utf8(onnx), utf8("platform: onnx_onnxv1"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
