package io.millrace.inference.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.inference.OnnxFile;
import io.millrace.inference.TestModels;
import io.millrace.testing.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A hundred damaged versions, one after the other, on a service that goes on answering with the good one. */
@Tag("long")
class DamagedModelsTest {

    private static final long SEED = 5;
    private static final int TURNED = 60;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @TempDir
    Path root;

    @TempDir
    Path work;

    @Test
    void eachIsRefusedWithAReasonWhileTheGoodVersionAnswers() throws Exception {
        var models = new TestModels(root);
        var damages = new DamagedModels(SEED);
        List<DamagedModels.Damaged> all = damages.all();
        assertThat(all).hasSize(100);
        models.write("victim", 1, TestModels.DENSE_YAML, OnnxFile.dense(2, 1, 1).bytes());
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        try (ServiceProcess service = ServiceProcess.start(
                root,
                work.resolve("service.log"),
                "--millrace.inference.scan-interval=20ms",
                "--millrace.inference.proof.time-limit=10s",
                "--millrace.inference.proof.memory-limit=3GB")) {
            long before = service.residentKib();
            for (int i = 0; i < all.size(); i++) {
                int version = i + 2;
                DamagedModels.Damaged damaged = all.get(i);
                models.write("victim", version, damaged.yaml(), damaged.model());
                await().atMost(Duration.ofSeconds(60))
                        .alias(damaged.kind())
                        .until(() -> !service.isAlive() || state(service, version) != null);
                assertThat(service.isAlive()).as(damaged.kind()).isTrue();
                JsonNode state = state(service, version);
                assertThat(state.path("state").asString()).as(damaged.kind()).isEqualTo("UNAVAILABLE");
                assertThat(state.path("reason").asString()).as(damaged.kind()).isNotBlank();
                reasons.computeIfAbsent(damaged.kind(), _ -> new ArrayList<>())
                        .add(state.path("reason").asString());
                assertGoodVersionAnswers(service);
            }
            int taken = 0;
            for (int version = 1; version <= TURNED; version++) {
                int written = version;
                models.write("turned", version, TestModels.EMBEDDING_YAML, damages.turned());
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> !service.isAlive() || stateOf(service, "turned", written) != null);
                assertThat(service.isAlive()).isTrue();
                taken += stateOf(service, "turned", version)
                                .path("state")
                                .asString()
                                .equals("READY")
                        ? 1
                        : 0;
                assertGoodVersionAnswers(service);
            }
            report(reasons, taken, service.residentKib() - before);
        }
    }

    private static void assertGoodVersionAnswers(ServiceProcess service) throws IOException, InterruptedException {
        assertThat(service.post("/v2/models/victim/infer", """
                        {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [3, 4]}]}""").body()).isEqualTo("""
                        {"model_name":"victim","model_version":"1",\
                        "outputs":[{"name":"y","shape":[1,1],"datatype":"FP32","data":[7.0]}]}""");
    }

    private static @Nullable JsonNode state(ServiceProcess service, int version)
            throws IOException, InterruptedException {
        return stateOf(service, "victim", version);
    }

    /** The version's entry in the index once it has been looked at, or {@code null}. */
    private static @Nullable JsonNode stateOf(ServiceProcess service, String model, int version)
            throws IOException, InterruptedException {
        for (JsonNode entry :
                MAPPER.readTree(service.post("/v2/repository/index", "{}").body())) {
            if (entry.path("name").asString().equals(model)
                    && entry.path("version").asString().equals(Integer.toString(version))
                    && !entry.path("state").asString().equals("LOADING")) {
                return entry;
            }
        }
        return null;
    }

    private static void report(Map<String, List<String>> reasons, int taken, long grownKib) {
        var table = new StringBuilder("| what is wrong | refused | a reason that was given |\n|---|---|---|\n");
        reasons.forEach((kind, given) -> table.append("| %s | %d | %s |\n"
                .formatted(kind, given.size(), shortened(given.getFirst()).replace("|", "\\|"))));
        Report.ofThisCommit()
                .write(
                        "damaged-models",
                        "Damaged models",
                        "./millrace test --long -pl inference-service -am -Dtest=DamagedModelsTest -Dsurefire.failIfNoSpecifiedTests=false",
                        """
                        One hundred versions (seed %d) came one after the other, their hashes right. The service, a process of its own, refused each with a
                        reason, lived on, and after each one answered with version 1. Then came %d files with one to six bits turned, of which nobody
                        can know whether they are still good: %d were taken up, the others refused, and the service lived on. Its resident memory
                        was then %d KiB larger than before the first.

                        %s""".formatted(SEED, TURNED, taken, grownKib, table));
    }

    private static String shortened(String reason) {
        return reason.length() <= 160 ? reason : reason.substring(0, 160) + "…";
    }
}
