package io.millrace.inference.pytorch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.ModelRuntime;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.model.Scheduling;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** With PyTorch's own library; {@code archives.py} says how the archives were made. */
class TorchRuntimeTest {

    private static final ModelRuntime RUNTIME = new TorchRuntime();

    private static final ModelDefinition LINEAR =
            definition(List.of(input("x", Datatype.FP32, 2)), List.of(output("y", Datatype.FP32)));
    private static final ModelDefinition TWO = definition(
            List.of(input("x", Datatype.FP32, 2), input("ids", Datatype.INT64, 3)),
            List.of(output("sums", Datatype.FP32), output("doubled", Datatype.INT64)));

    @Test
    void theServiceFindsItByName() {
        assertThat(ServiceLoader.load(ModelRuntime.class)).hasOnlyElementsOfType(TorchRuntime.class);
    }

    @Test
    void runsTheRowsOfAllRequestsTogetherAndGivesEachItsOwn() throws Exception {
        try (LoadedModel model = RUNTIME.load(LINEAR, file("linear.pt"));
                ModelInstance instance = model.newInstance()) {
            var result = instance.run(List.of(inputs(LINEAR, x(1, 2)), inputs(LINEAR, x(3, 4, 0, 0))));

            assertThat(result.answers()).hasSize(2);
            assertThat(result.answers().getFirst()).singleElement().satisfies(y -> {
                assertThat(y.name()).isEqualTo("y");
                assertThat(y.shape()).isEqualTo(Shape.of(1, 3));
                assertThat(RawValues.decode(y)).containsExactly(5.25f, -1.5f, 5f);
            });
            assertThat(RawValues.decode(result.answers().getLast().getFirst()))
                    .containsExactly(11.25f, -2.5f, 11f, 0.25f, 0f, -1f);
        }
    }

    @Test
    void takesAndGivesSeveralTensorsInTheOrderOfTheDescription() throws Exception {
        try (LoadedModel model = RUNTIME.load(TWO, file("two.pt"));
                ModelInstance instance = model.newInstance()) {
            Tensor ids = new Tensor(
                    "ids",
                    Datatype.INT64,
                    Shape.of(2, 3),
                    RawValues.encode(Datatype.INT64, List.of(1, 2, 3, 4, 5, 1L << 40)));

            List<Tensor> answer = instance.run(List.of(inputs(TWO, x(1, 2, 3, 4), ids)))
                    .answers()
                    .getFirst();

            assertThat(answer).extracting(Tensor::name).containsExactly("sums", "doubled");
            assertThat(RawValues.decode(answer.getFirst())).containsExactly(3f, 7f);
            assertThat(RawValues.decode(answer.getLast())).containsExactly(2L, 4L, 6L, 8L, 10L, 1L << 41);
        }
    }

    @Test
    void saysWhatTheModuleTakesAndGives() throws Exception {
        try (LoadedModel model = RUNTIME.load(LINEAR, file("linear.pt"))) {
            assertThat(model.graph().inputs().getFirst().shape()).isEqualTo(Shape.of(-1, 2));
            assertThat(model.graph().outputs().getFirst().shape()).isEqualTo(Shape.of(-1, 3));
            model.graph().requireMatches(LINEAR);
        }
    }

    @Test
    void refusesWhatTheDescriptionSaysOtherwise() {
        assertRefused(
                definition(
                        List.of(input("x", Datatype.FP32, 2)),
                        List.of(output("y", Datatype.FP32), output("z", Datatype.FP32))),
                "the module gave 1 tensors, and model.yaml has 2 outputs");
        assertRefused(
                definition(List.of(input("x", Datatype.FP32, 2)), List.of(output("y", Datatype.FP64))),
                "output \"y\" is FP64 in model.yaml, and the module gave float32");
        assertRefused(
                definition(List.of(input("x", Datatype.FP32, 5)), List.of(output("y", Datatype.FP32))),
                "mat1 and mat2 shapes cannot be multiplied");
        assertRefused(
                definition(List.of(input("x", Datatype.BYTES, 2)), List.of(output("y", Datatype.FP32))),
                "the input \"x\" is BYTES, which PyTorch is not given");
    }

    @Test
    void refusesADamagedFileAndAnotherFormat() throws Exception {
        byte[] good = bytes("linear.pt");
        byte[] otherCode = new String(good, ISO_8859_1)
                .replace("torch.linear(", "torch.lineal(")
                .getBytes(ISO_8859_1);

        for (byte[] bad : List.of(new byte[0], new byte[] {1, 2, 3}, java.util.Arrays.copyOf(good, 300), otherCode)) {
            assertThatThrownBy(() -> RUNTIME.load(LINEAR, ByteBuffer.wrap(bad)))
                    .isInstanceOf(RefusedModelException.class)
                    .hasMessageContaining("PyTorch cannot load the file");
        }
    }

    @Test
    void aBatchThatFailsIsTheRequestsFailureAndTheModelLivesOn() throws Exception {
        ModelDefinition any = definition(
                List.of(new ModelDefinition.Input("x", Datatype.FP32, (int) Shape.VARIABLE, List.of(0, 0))),
                List.of(output("y", Datatype.FP32)));
        try (LoadedModel model = RUNTIME.load(any, file("linear.pt"));
                ModelInstance instance = model.newInstance()) {
            Tensor wide =
                    new Tensor("x", Datatype.FP32, Shape.of(1, 3), RawValues.encode(Datatype.FP32, List.of(1, 2, 3)));
            assertThatThrownBy(() -> instance.run(List.of(inputs(any, wide)))).isInstanceOf(ExecutionFailed.class);

            assertThat(RawValues.decode(instance.run(List.of(inputs(any, x(1, 2))))
                            .answers()
                            .getFirst()
                            .getFirst()))
                    .containsExactly(5.25f, -1.5f, 5f);
        }
    }

    private static void assertRefused(ModelDefinition definition, String reason) {
        assertThatThrownBy(() -> RUNTIME.load(definition, file("linear.pt")))
                .isInstanceOf(RefusedModelException.class)
                .hasMessageContaining(reason);
    }

    private static ModelDefinition definition(
            List<ModelDefinition.Input> inputs, List<ModelDefinition.Output> outputs) {
        return new ModelDefinition(
                "pytorch_torchscript",
                new Scheduling(8, Duration.ZERO, 64, 1, Duration.ofSeconds(30)),
                null,
                inputs,
                outputs,
                "[]",
                "s");
    }

    private static ModelDefinition.Input input(String name, Datatype datatype, int width) {
        return new ModelDefinition.Input(
                name, datatype, width, Collections.nCopies(width, datatype == Datatype.BYTES ? "" : 0));
    }

    private static ModelDefinition.Output output(String name, Datatype datatype) {
        return new ModelDefinition.Output(name, datatype);
    }

    private static ModelInputs inputs(ModelDefinition definition, Tensor... tensors) {
        return ModelInputs.of(definition, new InferenceRequest(List.of(tensors), null, 0, 0));
    }

    private static Tensor x(Number... values) {
        return new Tensor(
                "x", Datatype.FP32, Shape.of(values.length / 2, 2), RawValues.encode(Datatype.FP32, List.of(values)));
    }

    private static ByteBuffer file(String name) throws IOException {
        return ByteBuffer.wrap(bytes(name));
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = TorchRuntimeTest.class.getResourceAsStream("/" + name)) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }
}
