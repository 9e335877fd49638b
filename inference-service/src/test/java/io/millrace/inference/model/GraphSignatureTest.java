package io.millrace.inference.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphSignatureTest {

    private static final TensorSpec X = spec("x", Datatype.FP32, -1, 2);
    private static final TensorSpec Y = spec("y", Datatype.FP32, -1, 1);

    private final ModelDefinition definition = new ModelDefinition(
            "onnx_onnxv1",
            new Scheduling(4, Duration.ZERO, 8, 1, Duration.ofSeconds(1)),
            null,
            List.of(new ModelDefinition.Input("x", Datatype.FP32, 2, List.of(0, 0))),
            List.of(new ModelDefinition.Output("y", Datatype.FP32)),
            "[]",
            "abc");

    @Test
    void aGraphMayLeaveTheWidthOpenAndHaveMoreOutputs() {
        accepted(List.of(X), List.of(Y));
        accepted(List.of(spec("x", Datatype.FP32, -1, -1)), List.of(Y, spec("z", Datatype.BOOL, 3)));
        accepted(List.of(X), List.of(spec("y", Datatype.FP32, -1)));
    }

    @Test
    void whatDiffersIsNamed() {
        refused("the graph has [z]", List.of(spec("z", Datatype.FP32, -1, 2)), List.of(Y));
        refused("inputs [z], which model.yaml does not list", List.of(X, spec("z", Datatype.FP32, -1, 2)), List.of(Y));
        refused("FP32 in model.yaml and INT64 in the graph", List.of(spec("x", Datatype.INT64, -1, 2)), List.of(Y));
        refused("[-1, 2] in model.yaml and [-1, 3] in the graph", List.of(spec("x", Datatype.FP32, -1, 3)), List.of(Y));
        refused("[-1, 2] in model.yaml and [-1] in the graph", List.of(spec("x", Datatype.FP32, -1)), List.of(Y));
        refused("first dimension must be open", List.of(spec("x", Datatype.FP32, 1, 2)), List.of(Y));
        refused("first dimension must be open", List.of(X), List.of(spec("y", Datatype.FP32, 1, 1)));
        refused("first dimension must be open", List.of(X), List.of(spec("y", Datatype.FP32)));
        refused("output \"y\", the graph has [z]", List.of(X), List.of(spec("z", Datatype.FP32, -1, 1)));
    }

    private void accepted(List<TensorSpec> inputs, List<TensorSpec> outputs) {
        assertThatCode(() -> new GraphSignature(inputs, outputs).requireMatches(definition))
                .doesNotThrowAnyException();
    }

    private void refused(String reason, List<TensorSpec> inputs, List<TensorSpec> outputs) {
        assertThatThrownBy(() -> new GraphSignature(inputs, outputs).requireMatches(definition))
                .isInstanceOf(RefusedModelException.class)
                .hasMessageContaining(reason);
    }

    private static TensorSpec spec(String name, Datatype datatype, long... shape) {
        return new TensorSpec(name, datatype, Shape.of(shape));
    }
}
