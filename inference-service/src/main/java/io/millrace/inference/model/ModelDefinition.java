package io.millrace.inference.model;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code model.yaml} says about a model version.
 *
 * @param platform the protocol's name of the format, {@code onnx_onnxv1}
 * @param scheduling how requests wait and run together
 * @param embeddingSpace the family of spaces the model maps into, where it is an embedding model
 * @param columns what {@code inputs} says about the origin of each column, as JSON; for the caller, not for the server
 * @param signature a hash of {@code columns}; a caller that sends it is refused when the columns have changed
 */
public record ModelDefinition(
        String platform,
        Scheduling scheduling,
        @Nullable String embeddingSpace,
        List<Input> inputs,
        List<Output> outputs,
        String columns,
        String signature) {

    /**
     * An input of shape {@code [rows, width]}.
     *
     * @param width values in a row, or {@link Shape#VARIABLE}
     * @param defaults a row of the values that stand for missing ones; a single one if the width is variable
     */
    public record Input(String name, Datatype datatype, int width, List<Object> defaults) {

        public Input {
            defaults = List.copyOf(defaults);
        }

        public TensorSpec spec() {
            return new TensorSpec(name, datatype, Shape.of(Shape.VARIABLE, width));
        }
    }

    public record Output(String name, Datatype datatype) {}

    public ModelDefinition {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The embedding space of one version: vectors of different versions are never compared. */
    public Optional<String> embeddingSpace(int version) {
        return Optional.ofNullable(embeddingSpace).map(family -> family + "-" + version);
    }

    /** So many rows of nothing but defaults. */
    public ModelInputs defaultRows(int rows) {
        return ModelInputs.of(
                this,
                inputs.stream()
                        .map(input -> new Tensor(
                                input.name(),
                                input.datatype(),
                                Shape.of(rows, input.defaults().size()),
                                RawValues.encode(
                                        input.datatype(),
                                        Collections.nCopies(rows, input.defaults()).stream()
                                                .flatMap(List::stream)
                                                .toList())))
                        .toList());
    }
}
