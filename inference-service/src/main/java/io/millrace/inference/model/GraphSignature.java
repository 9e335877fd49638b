package io.millrace.inference.model;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the model file itself takes and gives. */
public record GraphSignature(List<TensorSpec> inputs, List<TensorSpec> outputs) {

    public GraphSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** @throws RefusedModelException if the file is not what its {@code model.yaml} says */
    public void requireMatches(ModelDefinition definition) throws RefusedModelException {
        Map<String, TensorSpec> open = byName(inputs);
        for (ModelDefinition.Input declared : definition.inputs()) {
            TensorSpec actual = open.remove(declared.name());
            if (actual == null) {
                throw new RefusedModelException(
                        "model.yaml has the input \"%s\", the graph has %s".formatted(declared.name(), names(inputs)));
            }
            requireDatatype("input", declared.name(), declared.datatype(), actual);
            requireInputShape(declared, actual.shape());
        }
        if (!open.isEmpty()) {
            throw new RefusedModelException(
                    "the graph has the inputs %s, which model.yaml does not list".formatted(open.keySet()));
        }
        Map<String, TensorSpec> given = byName(outputs);
        for (ModelDefinition.Output declared : definition.outputs()) {
            TensorSpec actual = given.get(declared.name());
            if (actual == null) {
                throw new RefusedModelException("model.yaml has the output \"%s\", the graph has %s"
                        .formatted(declared.name(), names(outputs)));
            }
            requireDatatype("output", declared.name(), declared.datatype(), actual);
            requireOpenBatch("output", declared.name(), actual.shape());
        }
    }

    private static void requireDatatype(String kind, String name, Datatype declared, TensorSpec actual)
            throws RefusedModelException {
        if (declared != actual.datatype()) {
            throw new RefusedModelException("%s \"%s\" is %s in model.yaml and %s in the graph"
                    .formatted(kind, name, declared, actual.datatype()));
        }
    }

    private static void requireInputShape(ModelDefinition.Input declared, Shape actual) throws RefusedModelException {
        requireOpenBatch("input", declared.name(), actual);
        long width = actual.rank() == 2 ? actual.dimensions().get(1) : 0;
        if (width != Shape.VARIABLE && width != declared.width()) {
            throw new RefusedModelException("input \"%s\" has shape %s in model.yaml and %s in the graph"
                    .formatted(declared.name(), declared.spec().shape(), actual));
        }
    }

    private static void requireOpenBatch(String kind, String name, Shape actual) throws RefusedModelException {
        if (actual.rank() < 1 || actual.rows() != Shape.VARIABLE) {
            throw new RefusedModelException(
                    "%s \"%s\" has shape %s in the graph; its first dimension must be open, for the rows of a batch"
                            .formatted(kind, name, actual));
        }
    }

    private static Map<String, TensorSpec> byName(List<TensorSpec> specs) {
        return specs.stream().collect(Collectors.toMap(TensorSpec::name, Function.identity()));
    }

    private static List<String> names(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::name).toList();
    }
}
