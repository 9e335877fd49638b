package io.millrace.benchmarks.inference;

import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.Scheduling;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import io.millrace.onnx.OnnxGraph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A dense network of random weights: linear layers with a rectifier after each but the last. */
enum Network {
    /** 16.6 thousand parameters: so small that all the time is between the engine and its callers. */
    MLP(64, 128, 64, 1),
    /** 2.2 million parameters, as a ranker has. */
    MID(512, 1024, 1024, 512, 256, 16);

    static final int MAX_BATCH = 64;
    private static final String INPUT = "x";
    private static final String OUTPUT = "y";

    private final int[] widths;

    Network(int... widths) {
        this.widths = widths;
    }

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    int width() {
        return widths[0];
    }

    int outputWidth() {
        return widths[widths.length - 1];
    }

    byte[] onnx() {
        var random = new Random(17);
        var graph = new OnnxGraph("millrace-benchmarks", title());
        String x = graph.numbers(INPUT, width());
        for (int layer = 1; layer < widths.length; layer++) {
            int in = widths[layer - 1];
            int out = widths[layer];
            float[] weights = new float[in * out];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (random.nextGaussian() / Math.sqrt(in));
            }
            boolean last = layer == widths.length - 1;
            String sums = graph.linear(
                    last ? OUTPUT : "sums" + layer,
                    x,
                    graph.constant("weight" + layer, weights, out, in),
                    graph.constant("bias" + layer, new float[out], out));
            x = last ? sums : graph.node("Relu", "layer" + layer, sums);
        }
        graph.output(x, outputWidth());
        return graph.toBytes();
    }

    ModelDefinition definition(int instances) {
        return new ModelDefinition(
                "onnx_onnxv1",
                new Scheduling(MAX_BATCH, Duration.ZERO, 8192, instances, Duration.ofSeconds(30)),
                null,
                List.of(new ModelDefinition.Input(INPUT, Datatype.FP32, width(), Collections.nCopies(width(), 0))),
                List.of(new ModelDefinition.Output(OUTPUT, Datatype.FP32)),
                "[]",
                "benchmark");
    }

    /** What {@link #definition} says, as a server reads it. */
    String modelYaml(int instances) {
        return """
                platform: onnx_onnxv1
                max_batch_size: %d
                instances: %d
                inputs: [{name: x, datatype: FP32, width: %d}]
                outputs: [{name: y, datatype: FP32}]
                """.formatted(MAX_BATCH, instances, width());
    }

    /** Random values, the same each time. */
    ByteBuffer values(int rows) {
        var random = new Random(rows);
        ByteBuffer values = ByteBuffer.allocate(rows * width() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
            values.putFloat((float) random.nextGaussian());
        }
        return values.flip();
    }

    List<Tensor> inputs(int rows) {
        return List.of(new Tensor(INPUT, Datatype.FP32, Shape.of(rows, width()), values(rows)));
    }

    static InferenceRequest request(List<Tensor> inputs, Duration patience) {
        return new InferenceRequest(inputs, null, 0, System.nanoTime() + patience.toNanos());
    }
}
