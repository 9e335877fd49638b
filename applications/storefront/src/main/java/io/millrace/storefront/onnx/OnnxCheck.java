package io.millrace.storefront.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Holds a model file against the network it was written from: both get the same rows and must answer the same. */
public final class OnnxCheck {

    /** The largest allowed difference, relative to values above one. */
    public static final double TOLERANCE = 1e-5;

    private OnnxCheck() {}

    /**
     * What ONNX Runtime makes of rows of numbers.
     *
     * @param rows row by row, {@code width} numbers each
     */
    public static float[] run(byte[] model, float[] rows, int width) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor tensor =
                OnnxTensor.createTensor(environment, FloatBuffer.wrap(rows), new long[] {rows.length / width, width})) {
            return run(environment, model, tensor);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refuses the exported model: " + e.getMessage(), e);
        }
    }

    /**
     * What ONNX Runtime makes of several inputs.
     *
     * @param inputs by name; each an array of rows, {@code float[][]} or {@code String[][]}
     */
    public static float[] run(byte[] model, Map<String, ?> inputs) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (Map.Entry<String, ?> input : inputs.entrySet()) {
                tensors.put(input.getKey(), OnnxTensor.createTensor(environment, input.getValue()));
            }
            return run(environment, model, session -> tensors);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refuses the exported model: " + e.getMessage(), e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    /** What the model calls its inputs and outputs. */
    public static Set<String> names(byte[] model) {
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
            Set<String> names = new HashSet<>(session.getInputNames());
            names.addAll(session.getOutputNames());
            return names;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refuses the exported model: " + e.getMessage(), e);
        }
    }

    /**
     * The largest difference between two answers.
     *
     * @throws IllegalStateException when it is above {@link #TOLERANCE}
     */
    public static double requireEqual(String model, float[] trained, float[] exported) {
        if (trained.length != exported.length) {
            throw new IllegalStateException("%s: the export answers %d values, the trained network %d"
                    .formatted(model, exported.length, trained.length));
        }
        double largest = 0;
        for (int i = 0; i < trained.length; i++) {
            double difference = Math.abs(trained[i] - exported[i]) / Math.max(1, Math.abs(trained[i]));
            // written so that a NaN fails too
            if (!(difference <= TOLERANCE)) {
                throw new IllegalStateException("%s: value %d is %s in the export but %s in the trained network"
                        .formatted(model, i, exported[i], trained[i]));
            }
            largest = Math.max(largest, difference);
        }
        return largest;
    }

    private static float[] run(OrtEnvironment environment, byte[] model, OnnxTensorLike only) throws OrtException {
        return run(
                environment,
                model,
                session -> Map.of(session.getInputNames().iterator().next(), only));
    }

    private static float[] run(
            OrtEnvironment environment,
            byte[] model,
            Function<OrtSession, Map<String, ? extends OnnxTensorLike>> inputs)
            throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(model, options);
                    OrtSession.Result result = session.run(inputs.apply(session))) {
                FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] answer = new float[values.remaining()];
                values.get(answer);
                return answer;
            }
        }
    }
}
