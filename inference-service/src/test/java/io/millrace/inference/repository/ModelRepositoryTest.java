package io.millrace.inference.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.inference.OnnxFile;
import io.millrace.inference.TestModels;
import io.millrace.inference.batching.DynamicBatching;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.ModelNotReady;
import io.millrace.inference.model.InferenceException.UnknownModel;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import io.millrace.inference.runtime.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRepositoryTest {

    @TempDir
    Path root;

    private TestModels models;
    private ModelRepository repository;

    @BeforeEach
    void open() {
        models = new TestModels(root);
        repository = repository(root);
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void anEmptyRepositoryIsReadyAndOneThatDoesNotExistToo() {
        assertThat(repository.isScanned()).isFalse();
        repository.scan();
        assertThat(repository.isScanned()).isTrue();

        try (ModelRepository absent = repository(root.resolve("absent"))) {
            absent.scan();
            assertThat(absent.isScanned()).isTrue();
        }
    }

    @Test
    void theLatestVersionAnswersAndAnExplicitOneIsServedWhileLoaded() {
        for (int version = 1; version <= 3; version++) {
            dense(version);
        }
        repository.scan();

        assertThat(answer("")).isEqualTo(3);
        assertThat(answer("2")).isEqualTo(2);
        assertThatThrownBy(() -> answer("1"))
                .isInstanceOf(UnknownModel.class)
                .hasMessage("the model \"dense\" has no version 1; loaded are [2, 3]");
        assertThatThrownBy(() -> repository.acquire("other", ""))
                .isInstanceOf(UnknownModel.class)
                .hasMessage("there is no model \"other\"; known are [dense]");
    }

    @Test
    void aNewVersionTakesOverAndTheOldestIsClosedAfterItsLastUser() {
        dense(1);
        repository.scan();
        try (Lease lease = repository.acquire("dense", "1")) {
            dense(2);
            dense(3);
            repository.scan();

            assertThat(answer("")).isEqualTo(3);
            assertThatThrownBy(() -> answer("1")).isInstanceOf(UnknownModel.class);
            assertThat(answer(lease)).isEqualTo(1);
        }
        // The last user has left: nobody can use it any more.
        assertThat(repository.models().iterator().next().serving()).containsOnlyKeys(2, 3);
    }

    @Test
    void aRetiredVersionIsClosed() {
        dense(1);
        repository.scan();
        Lease lease = repository.acquire("dense", "1");
        dense(2);
        dense(3);
        repository.scan();
        lease.close();

        await().untilAsserted(() -> assertThatThrownBy(
                        () -> lease.version().predictor().submit(request(1)))
                .isInstanceOf(ModelNotReady.class));
    }

    @Test
    void aFolderThatIsStillBeingWrittenIsLeftAlone() throws IOException {
        dense(1);
        dense(2);
        Files.move(root.resolve("dense/2"), root.resolve("dense/2.tmp"));
        repository.scan();

        assertThat(answer("")).isEqualTo(1);
        assertThat(repository.versions("dense").refused()).isEmpty();
    }

    @Test
    void aDamagedVersionNeverReplacesAGoodOneAndItsReasonIsKept() {
        byte[] good = OnnxFile.dense(2, 1, 2).bytes();
        byte[] truncated = Arrays.copyOf(good, good.length / 2);
        dense(1);
        models.write("dense", 2, TestModels.DENSE_YAML, truncated, TestModels.sha256(good));
        models.write("dense", 3, TestModels.DENSE_YAML, truncated);
        models.write("dense", 4, TestModels.DENSE_YAML, OnnxFile.dense(3, 1, 2).bytes());
        models.write("dense", 5, TestModels.DENSE_YAML.replace("columns", "colums"), good);
        models.write("dense", 6, TestModels.DENSE_YAML.replace("name: y", "name: z"), good);
        models.write("dense", 7, TestModels.DENSE_YAML, new byte[0]);
        models.write(
                "dense", 8, TestModels.DENSE_YAML, "not a model".repeat(100).getBytes(UTF_8));
        repository.scan();

        assertThat(answer("")).isEqualTo(1);
        assertThat(reason(2)).contains("model.onnx: its sha256 is").contains("damaged");
        assertThat(reason(3)).contains("ONNX Runtime cannot load the file");
        assertThat(reason(4)).isEqualTo("input \"x\" has shape [-1, 2] in model.yaml and [-1, 3] in the graph");
        assertThat(reason(5)).contains("there is no key inputs[0].colums");
        assertThat(reason(6)).contains("model.yaml has the output \"z\", the graph has [y]");
        assertThat(reason(7)).contains("has 0 bytes");
        assertThat(reason(8)).contains("ONNX Runtime cannot load the file");
        assertThatThrownBy(() -> repository.acquire("dense", "4"))
                .isInstanceOf(ModelNotReady.class)
                .hasMessageContaining("version 4 of \"dense\" was refused: input \"x\"");
    }

    @Test
    void aModelThatFailsOnItsDefaultsIsRefused() {
        byte[] lookup = new OnnxFile()
                .input("x", OnnxFile.INT64, 1)
                .floats("table", new long[] {3, 1}, 1, 2, 3)
                .node("Gather", List.of("table", "x"), List.of("y"))
                .output("y", OnnxFile.FLOAT, 1, 1)
                .bytes();
        models.write("dense", 1, """
                platform: onnx_onnxv1
                inputs: [{name: x, datatype: INT64, columns: [{from: item.category, default: 7}]}]
                outputs: [{name: y, datatype: FP32}]
                """, lookup);
        repository.scan();

        assertThat(reason(1)).contains("warm-up with default values").contains("out of data bounds");
        assertThatThrownBy(() -> repository.acquire("dense", ""))
                .isInstanceOf(ModelNotReady.class)
                .hasMessageContaining("no version that can answer; version 1 was refused: warm-up");
    }

    @Test
    void aModelWhoseOutputsAreNoNumbersIsRefused() {
        byte[] division = new OnnxFile()
                .input("x", OnnxFile.FLOAT, 1)
                .node("Div", List.of("x", "x"), List.of("y"))
                .output("y", OnnxFile.FLOAT, 1)
                .bytes();
        models.write("division", 1, """
                platform: onnx_onnxv1
                inputs: [{name: x, datatype: FP32, columns: [{from: item.price, default: 0}]}]
                outputs: [{name: y, datatype: FP32}]
                """, division);
        repository.scan();

        assertThat(repository.versions("division").refused().get(1))
                .extracting(ModelVersions.Refusal::reason)
                .isEqualTo("warm-up with default values: the output \"y\" has values that are no finite numbers");
    }

    @Test
    void aModelThatIsSlowerThanItsDescriptionAllowsIsRefused() {
        models.write(
                "slow",
                1,
                TestModels.DENSE_YAML.replace(
                                "columns: [{from: customer.a, default: 1}, {from: customer.b, default: 0.5}]",
                                "width: 1000")
                        + "warm_up: {batch_limit: 1us}\n",
                OnnxFile.dense(1000, 1000, 1).bytes());
        repository.scan();

        assertThat(repository.versions("slow").refused().get(1))
                .extracting(ModelVersions.Refusal::reason)
                .asString()
                .contains("warm-up with default values: a batch of 1 rows took");
    }

    @Test
    void aModelThatAnswersItsSamplesOtherwiseThanItsTrainerIsRefused() throws IOException {
        samples(1, "{\"inputs\": {\"x\": [[1, 2], [3, 4]]}, \"outputs\": {\"y\": [[3], [7.0001]]}}");
        samples(2, "{\"inputs\": {\"x\": [[1, 2]]}, \"outputs\": {\"y\": [[3.1]]}}");
        samples(3, "{\"inputs\": {\"x\": [[1, 2]]}, \"outputs\": {\"z\": [[3]]}}");
        samples(4, "{\"inputs\": {\"x\": [[1, 2, 3]]}}");
        samples(5, "{\"inputs\": {\"x\": [[1, true]]}}");
        samples(6, "{\"rows\": 1}");
        repository.scan();

        assertThat(repository.versions("known").serving()).containsOnlyKeys(1);
        assertThat(sampleReason(2)).isEqualTo("samples: value 0 of the output \"y\" is 3.0, expected is 3.1");
        assertThat(sampleReason(3)).isEqualTo("samples: the output \"z\" has 0 values, expected are 1");
        assertThat(sampleReason(4)).startsWith("samples: \"x\" has shape [1, 3]; send [-1, 2]");
        assertThat(sampleReason(5)).isEqualTo("samples: true is not a value of FP32");
        assertThat(sampleReason(6)).startsWith("samples.json: ");
    }

    private void samples(int version, String samples) throws IOException {
        byte[] model = OnnxFile.dense(2, 1, 1).bytes();
        Path folder = Files.createDirectories(root.resolve("known/" + version));
        Files.write(folder.resolve("model.onnx"), model);
        Files.writeString(folder.resolve("model.yaml"), TestModels.DENSE_YAML + "warm_up: {samples: samples.json}");
        Files.writeString(folder.resolve("samples.json"), samples);
        Files.writeString(folder.resolve("manifest.json"), """
                {"sha256": {"model.onnx": "%s", "samples.json": "%s"}}""".formatted(
                        TestModels.sha256(model), TestModels.sha256(samples.getBytes(UTF_8))));
    }

    private String sampleReason(int version) {
        return Objects.requireNonNull(repository.versions("known").refused().get(version))
                .reason();
    }

    @Test
    void theVersionPolicyOfTheNewestReadableDescriptionDecides() {
        for (int version = 1; version <= 4; version++) {
            models.write(
                    "dense",
                    version,
                    TestModels.DENSE_YAML + "version_policy: {specific: [1, 3]}\n",
                    OnnxFile.dense(2, 1, version).bytes());
        }
        models.write("dense", 5, "nonsense: true", OnnxFile.dense(2, 1, 5).bytes());
        repository.scan();
        assertThat(repository.versions("dense").serving()).containsOnlyKeys(1, 3);

        models.write(
                "dense",
                6,
                TestModels.DENSE_YAML + "version_policy: all\n",
                OnnxFile.dense(2, 1, 6).bytes());
        repository.scan();
        assertThat(repository.versions("dense").serving()).containsOnlyKeys(1, 2, 3, 4, 6);
        assertThat(reason(5)).contains("there is no key nonsense");
    }

    @Test
    void aLinkOutOfTheRepositoryIsNotFollowed(@TempDir Path elsewhere) throws IOException {
        dense(1);
        dense(2);
        new TestModels(elsewhere)
                .write(
                        "secret",
                        3,
                        TestModels.DENSE_YAML,
                        OnnxFile.dense(2, 1, 3).bytes());
        Files.createSymbolicLink(root.resolve("dense/3"), elsewhere.resolve("secret/3"));
        Files.delete(root.resolve("dense/2/model.onnx"));
        Files.createSymbolicLink(root.resolve("dense/2/model.onnx"), elsewhere.resolve("secret/3/model.onnx"));
        repository.scan();

        assertThat(answer("")).isEqualTo(1);
        assertThat(reason(2)).isEqualTo("model.onnx: leads out of the repository");
        assertThat(reason(3)).isEqualTo("model.yaml: leads out of the repository");
    }

    @Test
    void onDemandOnlyWhatWasAskedForIsLoaded() {
        dense(1);
        models.write("other", 1, TestModels.DENSE_YAML, OnnxFile.dense(2, 1, 1).bytes());
        models.write("broken", 1, TestModels.DENSE_YAML, new byte[] {1});
        try (ModelRepository onDemand = new ModelRepository(
                new RepositoryFolder(root), loader(), ModelProof.NONE, new Selection.OnDemand(List.of("other")), 2)) {
            onDemand.scan();
            assertThat(states(onDemand)).containsExactly("broken  UNAVAILABLE", "dense  UNAVAILABLE", "other 1 READY");
            assertThatThrownBy(() -> onDemand.acquire("dense", ""))
                    .isInstanceOf(ModelNotReady.class)
                    .hasMessage("the model \"dense\" is not loaded");

            onDemand.load("dense");
            onDemand.unload("other");
            assertThat(onDemand.isReady("dense", "1")).isTrue();
            assertThat(onDemand.isReady("other", "")).isFalse();
            await().untilAsserted(() -> assertThat(states(onDemand))
                    .containsExactly("broken  UNAVAILABLE", "dense 1 READY", "other  UNAVAILABLE"));
            assertThatThrownBy(() -> onDemand.load("broken"))
                    .isInstanceOf(ModelNotReady.class)
                    .hasMessageContaining("version 1 was refused: ONNX Runtime cannot load");
            assertThatThrownBy(() -> onDemand.load("absent")).isInstanceOf(UnknownModel.class);
        }
    }

    private static List<String> states(ModelRepository repository) {
        return repository.index().stream()
                .map(entry -> "%s %s %s"
                        .formatted(entry.model(), entry.version() == null ? "" : entry.version(), entry.state()))
                .toList();
    }

    @Test
    void aRefusedVersionIsTriedAgainWhenItsFilesChange() throws IOException {
        byte[] good = OnnxFile.dense(2, 1, 1).bytes();
        models.write("dense", 1, TestModels.DENSE_YAML, good, "00");
        repository.scan();
        assertThat(reason(1)).contains("sha256");

        Files.writeString(
                root.resolve("dense/1/manifest.json"),
                "{\"sha256\": {\"model.onnx\": \"" + TestModels.sha256(good) + "\"}}");
        repository.scan();

        assertThat(answer("")).isEqualTo(1);
        assertThat(repository.versions("dense").refused()).isEmpty();
    }

    @Test
    void aManifestIsRequiredAndNamesOnlyFilesOfItsFolder() throws IOException {
        dense(1);
        dense(2);
        dense(3);
        Files.delete(root.resolve("dense/1/manifest.json"));
        Files.writeString(root.resolve("dense/2/manifest.json"), "{\"sha256\": {}}");
        Files.writeString(
                root.resolve("dense/3/manifest.json"), "{\"sha256\": {\"model.onnx\": \"0\", \"../secret\": \"0\"}}");
        repository.scan();

        assertThat(reason(1)).isEqualTo("manifest.json: is missing");
        assertThat(reason(2)).isEqualTo("manifest.json: sha256 has no entry for model.onnx");
        assertThat(reason(3)).contains("\"../secret\" is not the name of a file in the folder");
    }

    @Test
    void aModelYamlBesideTheVersionsHoldsForAllThatHaveNoneOfTheirOwn() throws IOException {
        dense(1);
        Files.move(root.resolve("dense/1/model.yaml"), root.resolve("dense/model.yaml"));
        repository.scan();

        assertThat(answer("")).isEqualTo(1);
    }

    @Test
    void aModelWhoseFolderIsRemovedIsUnloaded() throws IOException {
        dense(1);
        repository.scan();
        Files.move(root.resolve("dense"), root.resolve(".removed"));
        repository.scan();

        assertThat(repository.models()).isEmpty();
        assertThatThrownBy(() -> repository.acquire("dense", "")).isInstanceOf(UnknownModel.class);
    }

    @Test
    void textsAreLookedUpInTheGraph() {
        models.write(
                "tower",
                3,
                TestModels.EMBEDDING_YAML,
                OnnxFile.embedding(2, List.of("85123A", "Größe", "雪")).bytes());
        repository.scan();

        try (Lease lease = repository.acquire("tower", "")) {
            var ids = new Tensor(
                    "ids",
                    Datatype.BYTES,
                    Shape.of(2, 2),
                    RawValues.encode(Datatype.BYTES, List.of("Größe", "🎁", "雪", "85123A")));
            List<Tensor> outputs = lease.version()
                    .predictor()
                    .submit(new InferenceRequest(List.of(ids), null, 0, inAMinute()))
                    .join();

            assertThat(outputs).extracting(Tensor::name).containsExactly("mean", "numbers", "echo");
            // ONNX Runtime's Java binding hands characters beyond U+FFFF over as surrogates: no graph knows such a
            // text.
            assertThat(RawValues.decode(outputs.get(1))).containsExactly(2L, 0L, 3L, 1L);
            assertThat(RawValues.decode(outputs.get(0))).containsExactly(1f, -1f, 2f, -2f);
            assertThat(outputs.get(2).data()).isEqualTo(ids.data());
        }
    }

    private void dense(int version) {
        models.write(
                "dense",
                version,
                TestModels.DENSE_YAML,
                OnnxFile.dense(2, 1, version).bytes());
    }

    private String reason(int version) {
        return Objects.requireNonNull(repository.versions("dense").refused().get(version))
                .reason();
    }

    /** The model's answer to (1, 0), which is its weight. */
    private float answer(String version) {
        try (Lease lease = repository.acquire("dense", version)) {
            return answer(lease);
        }
    }

    private static float answer(Lease lease) {
        return (float) RawValues.decode(
                        lease.version().predictor().submit(request(1)).join().getFirst())
                .getFirst();
    }

    private static InferenceRequest request(float x) throws InferenceException {
        var tensor = new Tensor("x", Datatype.FP32, Shape.of(1, 2), RawValues.encode(Datatype.FP32, List.of(x, 0)));
        return new InferenceRequest(List.of(tensor), null, 0, inAMinute());
    }

    private static long inAMinute() {
        return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    }

    static ModelRepository repository(Path root) {
        return new ModelRepository(new RepositoryFolder(root), loader(), 2);
    }

    private static ModelLoader loader() {
        return new ModelLoader(new OnnxRuntime(), new DynamicBatching(new SimpleMeterRegistry(), Long.MAX_VALUE));
    }
}
