package io.millrace.inference.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.inference.TestModels;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import io.millrace.inference.runtime.OnnxRuntime;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models and predictions in {@code xgboost/} are XGBoost's own, written by the program in its README. */
class XgboostTreesTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String YAML = """
            platform: xgboost_json
            max_batch_size: 16
            inputs: [{name: x, datatype: FP32, width: 4}]
            outputs: [{name: score, datatype: FP32}]
            """;

    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(strings = {"binary-logistic", "reg-squarederror"})
    void treesAnswerAsXgboostDoesAlsoWhereValuesAreMissing(String model) throws Exception {
        ModelDefinition definition = ModelYaml.parse(YAML);
        byte[] onnx = XgboostTrees.toOnnx(resource(model + ".json"), definition);
        JsonNode known = MAPPER.readTree(resource(model + "-rows.json"));
        List<Float> values = new ArrayList<>();
        known.path("rows")
                .forEach(row -> row.forEach(value -> values.add(value.isNull() ? Float.NaN : value.floatValue())));
        int rows = known.path("rows").size();
        var x = new Tensor("x", Datatype.FP32, Shape.of(rows, 4), RawValues.encode(Datatype.FP32, values));
        try (Arena arena = Arena.ofConfined();
                LoadedModel loaded = new OnnxRuntime().load(definition, direct(arena, onnx));
                ModelInstance instance = loaded.newInstance()) {
            loaded.graph().requireMatches(definition);
            List<Object> scores = RawValues.decode(instance.run(
                            List.of(ModelInputs.of(definition, new InferenceRequest(List.of(x), null, 0, 0))))
                    .answers()
                    .getFirst()
                    .getFirst());

            for (int i = 0; i < rows; i++) {
                assertThat((float) scores.get(i))
                        .isCloseTo(known.path("predictions").path(i).floatValue(), within(1e-5f));
            }
        }
    }

    @Test
    void theRepositoryServesThem() throws IOException {
        byte[] model = resource("binary-logistic.json");
        Path folder = Files.createDirectories(root.resolve("trees/1"));
        Files.write(folder.resolve("model.json"), model);
        Files.writeString(folder.resolve("model.yaml"), YAML);
        Files.writeString(
                folder.resolve("manifest.json"),
                "{\"sha256\": {\"model.json\": \"%s\"}}".formatted(TestModels.sha256(model)));
        try (ModelRepository repository = ModelRepositoryTest.repository(root)) {
            repository.scan();

            assertThat(repository.isReady("trees", "1")).isTrue();
            assertThat(repository.serving("trees", "").getFirst().definition().platform())
                    .isEqualTo("xgboost_json");
        }
    }

    @Test
    void whatIsNoSuchModelIsRefused() throws Exception {
        String good = new String(resource("binary-logistic.json"), UTF_8);
        refused("Unexpected end", good.substring(0, good.length() / 2));
        refused("the booster is not gbtree", good.replace("\"gbtree\"", "\"dart\""));
        refused("the objective \"multi:softmax\" is not served", good.replace("binary:logistic", "multi:softmax"));
        refused("it has 5 columns, model.yaml has 4", good.replace("\"num_feature\":\"4\"", "\"num_feature\":\"5\""));
        refused("a tree is no tree", good.replaceFirst("\"left_children\":\\[1,", "\"left_children\":[0,"));
        refused("a tree is no tree", good.replaceFirst("\"left_children\":\\[1,", "\"left_children\":[99,"));
        refused(
                "a tree asks for the column 9 of 4",
                good.replaceFirst("\"split_indices\":\\[\\d", "\"split_indices\":[9"));
        refused("not equally long", good.replaceFirst("\"default_left\":\\[\\d,", "\"default_left\":["));
        refused("base_score is \"x\"", good.replaceFirst("\"base_score\":\"[^\"]*\"", "\"base_score\":\"x\""));
        refused("the booster is not gbtree", "{}");
    }

    private static void refused(String reason, String json) throws RefusedModelException {
        ModelDefinition definition = ModelYaml.parse(YAML);
        assertThatThrownBy(() -> XgboostTrees.toOnnx(json.getBytes(UTF_8), definition))
                .isInstanceOf(RefusedModelException.class)
                .hasMessageStartingWith("model.json: ")
                .hasMessageContaining(reason);
    }

    private static ByteBuffer direct(Arena arena, byte[] bytes) {
        return arena.allocate(bytes.length).asByteBuffer().put(bytes).flip();
    }

    private static byte[] resource(String name) throws IOException {
        try (var file = XgboostTreesTest.class.getResourceAsStream("/xgboost/" + name)) {
            return file.readAllBytes();
        }
    }
}
