package io.millrace.inference.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs batches with ONNX Runtime. The bytes of all requests are copied once, side by side, into a direct buffer per input
 * that the instance keeps; they come back in one copy, of which every request gets its slice.
 */
final class OnnxInstance implements ModelInstance {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final ModelDefinition definition;
    private final Map<String, ModelDefinition.Output> outputs = new LinkedHashMap<>();
    private final @Nullable ByteBuffer[] buffers;

    OnnxInstance(OrtEnvironment environment, OrtSession session, ModelDefinition definition) {
        this.environment = environment;
        this.session = session;
        this.definition = definition;
        definition.outputs().forEach(output -> outputs.put(output.name(), output));
        this.buffers = new ByteBuffer[definition.inputs().size()];
    }

    @Override
    public BatchResult run(List<ModelInputs> batch) {
        long started = System.nanoTime();
        int rows = 0;
        for (ModelInputs request : batch) {
            rows += request.rows();
        }
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (int i = 0; i < buffers.length; i++) {
                inputs.put(definition.inputs().get(i).name(), join(batch, i, rows));
            }
            long copiedIn = System.nanoTime();
            try (OrtSession.Result result = session.run(inputs, outputs.keySet())) {
                long computed = System.nanoTime();
                List<List<Tensor>> answers = split(result, batch, rows);
                return new BatchResult(answers, copiedIn - started, computed - copiedIn, System.nanoTime() - computed);
            }
        } catch (OrtException e) {
            throw new ExecutionFailed("the model failed on these inputs: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor join(List<ModelInputs> batch, int input, int rows) throws OrtException {
        List<Tensor> parts = new ArrayList<>(batch.size());
        for (ModelInputs request : batch) {
            parts.add(request.tensors().get(input));
        }
        Datatype datatype = parts.getFirst().datatype();
        long[] shape = parts.getFirst().shape().withRows(rows).toArray();
        if (datatype == Datatype.BYTES) {
            String[] texts = parts.stream().flatMap(OnnxInstance::texts).toArray(String[]::new);
            return OnnxTensor.createTensor(environment, texts, shape);
        }
        int size = 0;
        for (Tensor part : parts) {
            size = Math.addExact(size, part.data().remaining());
        }
        ByteBuffer buffer = buffer(input, size);
        for (Tensor part : parts) {
            buffer.put(part.data());
        }
        return OnnxTensor.createTensor(environment, buffer.flip(), shape, OnnxDatatypes.type(datatype));
    }

    private ByteBuffer buffer(int input, int size) {
        ByteBuffer buffer = buffers[input];
        if (buffer == null || buffer.capacity() < size) {
            // Twice the need, so that growing batches do not leave a trail of buffers for the collector.
            buffer = ByteBuffer.allocateDirect((int) Math.min(2L * size, Integer.MAX_VALUE))
                    .order(ByteOrder.LITTLE_ENDIAN);
            buffers[input] = buffer;
        }
        return buffer.clear();
    }

    private static Stream<String> texts(Tensor tensor) {
        ByteBuffer data = tensor.data();
        return Stream.generate(() -> new String(RawValues.nextElement(data), UTF_8))
                .limit(tensor.shape().elements());
    }

    private List<List<Tensor>> split(OrtSession.Result result, List<ModelInputs> batch, int rows) throws OrtException {
        List<List<Tensor>> answers = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            answers.add(new ArrayList<>(outputs.size()));
        }
        for (ModelDefinition.Output output : outputs.values()) {
            // The result owns it.
            OnnxTensor tensor = (OnnxTensor) result.get(output.name()).orElseThrow();
            Shape shape = Shape.of(tensor.getInfo().getShape());
            if (shape.rank() == 0 || shape.rows() != rows) {
                throw new OrtException("output \"%s\" has shape %s for %d rows".formatted(output.name(), shape, rows));
            }
            Rows values = output.datatype() == Datatype.BYTES
                    ? new TextRows(flatten(tensor.getValue()).toArray(String[]::new), rows)
                    : new FixedRows(tensor.getByteBuffer(), rows);
            int from = 0;
            Shape part = shape;
            for (int i = 0; i < batch.size(); i++) {
                int count = batch.get(i).rows();
                part = part.rows() == count ? part : shape.withRows(count);
                answers.get(i).add(new Tensor(output.name(), output.datatype(), part, values.slice(from, count)));
                from += count;
            }
        }
        return answers;
    }

    private static Stream<?> flatten(Object value) {
        return value instanceof Object[] many ? Arrays.stream(many).flatMap(OnnxInstance::flatten) : Stream.of(value);
    }

    /** The rows of one output of the whole batch. */
    private sealed interface Rows {
        ByteBuffer slice(int from, int count);
    }

    private record FixedRows(ByteBuffer all, int rows) implements Rows {
        @Override
        public ByteBuffer slice(int from, int count) {
            int width = all.remaining() / rows;
            return all.slice(from * width, count * width);
        }
    }

    private record TextRows(String[] all, int rows) implements Rows {
        @Override
        public ByteBuffer slice(int from, int count) {
            int width = all.length / rows;
            return RawValues.encodeBytes(Arrays.stream(all, from * width, (from + count) * width)
                    .map(text -> text.getBytes(UTF_8))
                    .toList());
        }
    }

    @Override
    public void close() {
        Arrays.fill(buffers, null);
    }
}
