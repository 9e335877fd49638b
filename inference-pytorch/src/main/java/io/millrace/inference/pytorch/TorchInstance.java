package io.millrace.inference.pytorch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtModel;
import ai.djl.training.ParameterStore;
import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Runs batches with PyTorch. The bytes of all requests are copied side by side, and come back in one copy. */
final class TorchInstance implements ModelInstance {

    private final PtModel model;
    private final ModelDefinition definition;

    TorchInstance(PtModel model, ModelDefinition definition) {
        this.model = model;
        this.definition = definition;
    }

    @Override
    public BatchResult run(List<ModelInputs> batch) {
        long started = System.nanoTime();
        int rows = 0;
        for (ModelInputs request : batch) {
            rows += request.rows();
        }
        // What was made in it is freed with it.
        try (NDManager memory = model.getNDManager().newSubManager()) {
            NDList inputs = new NDList();
            for (int i = 0; i < definition.inputs().size(); i++) {
                inputs.add(join(batch, i, rows, memory));
            }
            long copiedIn = System.nanoTime();
            NDList outputs = model.getBlock().forward(new ParameterStore(memory, false), inputs, false);
            long computed = System.nanoTime();
            List<List<Tensor>> answers = split(outputs, batch, rows);
            return new BatchResult(answers, copiedIn - started, computed - copiedIn, System.nanoTime() - computed);
        } catch (EngineException e) {
            throw new ExecutionFailed("the model failed on these inputs: " + e.getMessage(), e);
        }
    }

    private static NDArray join(List<ModelInputs> batch, int input, int rows, NDManager memory) {
        int size = 0;
        for (ModelInputs request : batch) {
            size = Math.addExact(size, request.tensors().get(input).data().remaining());
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
        for (ModelInputs request : batch) {
            buffer.put(request.tensors().get(input).data());
        }
        Tensor first = batch.getFirst().tensors().get(input);
        long[] shape = first.shape().withRows(rows).toArray();
        return memory.create(
                buffer.flip(),
                new ai.djl.ndarray.types.Shape(shape),
                TorchDatatypes.type(first.datatype()).orElseThrow());
    }

    private List<List<Tensor>> split(NDList outputs, List<ModelInputs> batch, int rows) {
        if (outputs.size() != definition.outputs().size()) {
            throw new ExecutionFailed(
                    "the module gave %d tensors, and model.yaml has %d outputs"
                            .formatted(outputs.size(), definition.outputs().size()),
                    null);
        }
        List<List<Tensor>> answers = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            answers.add(new ArrayList<>(outputs.size()));
        }
        for (int output = 0; output < outputs.size(); output++) {
            split(outputs.get(output), definition.outputs().get(output), batch, rows, answers);
        }
        return answers;
    }

    private static void split(
            NDArray given,
            ModelDefinition.Output output,
            List<ModelInputs> batch,
            int rows,
            List<List<Tensor>> answers) {
        long[] shape = given.getShape().getShape();
        if (shape.length == 0 || shape[0] != rows) {
            throw new ExecutionFailed(
                    "output \"%s\" has shape %s for %d rows".formatted(output.name(), given.getShape(), rows), null);
        }
        if (!TorchDatatypes.type(output.datatype())
                .filter(given.getDataType()::equals)
                .isPresent()) {
            throw new ExecutionFailed(
                    "output \"%s\" is %s in model.yaml, and the module gave %s"
                            .formatted(output.name(), output.datatype(), given.getDataType()),
                    null);
        }
        ByteBuffer all = given.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        int width = all.remaining() / rows;
        int from = 0;
        for (int i = 0; i < batch.size(); i++) {
            int count = batch.get(i).rows();
            answers.get(i)
                    .add(new Tensor(
                            output.name(),
                            output.datatype(),
                            Shape.of(shape).withRows(count),
                            all.slice(from * width, count * width)));
            from += count;
        }
    }

    @Override
    public void close() {
        // A batch leaves nothing behind.
    }
}
