package io.millrace.inference.pytorch;

import ai.djl.pytorch.engine.PtModel;
import io.millrace.inference.model.GraphSignature;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import io.millrace.inference.model.TensorSpec;
import java.util.List;
import java.util.stream.LongStream;

/** A TorchScript module, which all instances of the model share. */
record TorchModel(PtModel model, ModelDefinition definition, GraphSignature graph) implements LoadedModel {

    /**
     * An archive names neither what its module takes nor what it gives: that is as the description says, in its order, and the
     * shapes of the outputs are seen from a row of default values.
     */
    static TorchModel of(PtModel model, ModelDefinition definition) throws RefusedModelException {
        for (ModelDefinition.Input input : definition.inputs()) {
            if (TorchDatatypes.type(input.datatype()).isEmpty()) {
                throw new RefusedModelException(
                        "the input \"%s\" is %s, which PyTorch is not given".formatted(input.name(), input.datatype()));
            }
        }
        List<TensorSpec> inputs =
                definition.inputs().stream().map(ModelDefinition.Input::spec).toList();
        try (var instance = new TorchInstance(model, definition)) {
            List<TensorSpec> outputs = instance.run(List.of(definition.defaultRows(1))).answers().getFirst().stream()
                    .map(TorchModel::openRows)
                    .toList();
            return new TorchModel(model, definition, new GraphSignature(inputs, outputs));
        } catch (ExecutionFailed e) {
            throw new RefusedModelException("with a row of default values: " + e.getMessage(), e);
        }
    }

    private static TensorSpec openRows(Tensor output) {
        long[] shape = LongStream.concat(
                        LongStream.of(Shape.VARIABLE),
                        LongStream.of(output.shape().toArray()).skip(1))
                .toArray();
        return new TensorSpec(output.name(), output.datatype(), Shape.of(shape));
    }

    @Override
    public ModelInstance newInstance() {
        return new TorchInstance(model, definition);
    }

    @Override
    public void close() {
        model.close();
    }
}
