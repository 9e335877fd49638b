package io.millrace.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.inference.model.InferenceException.InvalidRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelInputsTest {

    private static final ModelDefinition MODEL = new ModelDefinition(
            "onnx_onnxv1",
            new Scheduling(4, Duration.ZERO, 8, 1, Duration.ofSeconds(1)),
            "shop",
            List.of(
                    new ModelDefinition.Input("x", Datatype.FP32, 2, List.of(1.5, 0)),
                    new ModelDefinition.Input("any", Datatype.INT64, -1, List.of(0))),
            List.of(new ModelDefinition.Output("y", Datatype.FP32)),
            "[]",
            "abc");

    @Test
    void inputsStandInTheModelsOrder() {
        ModelInputs inputs = ModelInputs.of(MODEL, List.of(any(3, 5), x(3, 2)));

        assertThat(inputs.rows()).isEqualTo(3);
        assertThat(inputs.tensors()).extracting(Tensor::name).containsExactly("x", "any");
    }

    @Test
    void rowsOfOtherShapesCannotShareABatch() {
        ModelInputs five = ModelInputs.of(MODEL, List.of(x(1, 2), any(1, 5)));

        assertThat(five.sameRowShapes(ModelInputs.of(MODEL, List.of(x(3, 2), any(3, 5)))))
                .isTrue();
        assertThat(five.sameRowShapes(ModelInputs.of(MODEL, List.of(x(1, 2), any(1, 6)))))
                .isFalse();
    }

    @Test
    void whatDoesNotFitTheModelIsRefusedWithWhatToChange() {
        refused("the input \"any\" is missing", x(1, 2));
        refused("the model has no input \"z\"", x(1, 2), any(1, 1), tensor("z", Datatype.FP32, 4, 1, 1));
        refused("\"x\" is there twice", x(1, 2), x(1, 2), any(1, 1));
        refused("\"x\" is FP64; send FP32", tensor("x", Datatype.FP64, 8, 1, 2), any(1, 1));
        refused("\"x\" has shape [1, 3]; send [-1, 2]", x(1, 3), any(1, 1));
        refused("\"x\" has shape [2]; send [-1, 2]", tensor("x", Datatype.FP32, 4, 2), any(1, 1));
        refused("\"x\" has 2 rows and \"any\" has 1", x(2, 2), any(1, 1));
        refused("send 1 to 4 rows in a request; these are 5", x(5, 2), any(5, 1));
        refused("send 1 to 4 rows in a request; these are 0", x(0, 2), any(0, 1));
    }

    @Test
    void defaultRowsHoldTheDeclaredDefaults() {
        ModelInputs defaults = MODEL.defaultRows(2);

        assertThat(RawValues.decode(defaults.tensors().getFirst())).containsExactly(1.5f, 0f, 1.5f, 0f);
        assertThat(defaults.rows()).isEqualTo(2);
    }

    @Test
    void eachVersionOfAnEmbeddingModelHasItsOwnSpace() {
        assertThat(MODEL.embeddingSpace(3)).hasValue("shop-3");
    }

    private static void refused(String reason, Tensor... tensors) {
        assertThatThrownBy(() -> ModelInputs.of(MODEL, List.of(tensors)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(reason);
    }

    private static Tensor x(int rows, int width) {
        return tensor("x", Datatype.FP32, 4, rows, width);
    }

    private static Tensor any(int rows, int width) {
        return tensor("any", Datatype.INT64, 8, rows, width);
    }

    private static Tensor tensor(String name, Datatype datatype, int bytes, long... shape) {
        Shape sizes = Shape.of(shape);
        return new Tensor(name, datatype, sizes, ByteBuffer.allocate((int) sizes.elements() * bytes));
    }
}
