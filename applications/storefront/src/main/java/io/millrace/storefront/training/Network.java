package io.millrace.storefront.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.millrace.onnx.OnnxGraph;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Named parameters on DJL's PyTorch engine and the gradient steps that change them. The networks here are formulas, so
 * that the ONNX export can say the same formula again.
 */
final class Network implements AutoCloseable {

    private final NDManager manager = engine().newBaseManager();
    private final RandomGenerator random;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();

    Network(RandomGenerator random) {
        this.random = random;
    }

    private static Engine engine() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads()));
        return Engine.getEngine("PyTorch");
    }

    /** PyTorch's threads wait spinning: as many as there are cores starve the services beside them and themselves. */
    static int threads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** A trainable tensor of normally distributed numbers. */
    void parameter(String name, double deviation, long... shape) {
        Shape dimensions = new Shape(shape);
        float[] values = new float[(int) dimensions.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        NDArray parameter = manager.create(values, dimensions);
        parameter.setRequiresGradient(true);
        parameters.put(name, parameter);
    }

    /** The trainable tensors of a layer that {@link #linear} computes. */
    void layer(String name, int inputs, int outputs) {
        parameter(name + "_weight", Math.sqrt(2.0 / inputs), outputs, inputs);
        parameter(name + "_bias", 0, outputs);
    }

    NDArray get(String name) {
        NDArray parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("no parameter " + name);
        }
        return parameter;
    }

    /** {@code x * transpose(weight) + bias} */
    NDArray linear(String layer, NDArray x) {
        return x.matMul(get(layer + "_weight").transpose()).add(get(layer + "_bias"));
    }

    /** {@link #linear} as a node of an ONNX graph. */
    String linear(OnnxGraph graph, String layer, String x) {
        NDArray weight = get(layer + "_weight");
        NDArray bias = get(layer + "_bias");
        return graph.linear(
                layer,
                x,
                graph.constant(
                        layer + "_weight",
                        weight.toFloatArray(),
                        weight.getShape().getShape()),
                graph.constant(
                        layer + "_bias", bias.toFloatArray(), bias.getShape().getShape()));
    }

    /** An optimizer (AdamW) whose learning rate falls evenly to nothing in {@code steps} steps. */
    static Optimizer optimizer(float learningRate, float weightDecay, int steps) {
        Tracker falling = step -> learningRate * Math.max(0, 1 - step / (steps + 1f));
        return Optimizer.adamW()
                .optLearningRateTracker(falling)
                .optWeightDecays(weightDecay)
                .build();
    }

    /** One step down the gradient of the loss, which is computed with tensors of the manager it gets. */
    float step(Optimizer optimizer, Function<NDManager, NDArray> loss) {
        try (NDManager batch = manager.newSubManager();
                GradientCollector gradients = manager.getEngine().newGradientCollector()) {
            borrowParameters(batch);
            NDArray value = loss.apply(batch);
            gradients.backward(value);
            parameters.forEach((name, parameter) -> {
                NDArray gradient = parameter.getGradient();
                gradient.attach(batch);
                optimizer.update(name, parameter, gradient);
                gradient.subi(gradient); // PyTorch adds the next gradient to this one
            });
            return value.getFloat();
        }
    }

    /** What a formula gives without any gradient. */
    float[] compute(Function<NDManager, NDArray> formula) {
        try (NDManager batch = manager.newSubManager()) {
            borrowParameters(batch);
            return formula.apply(batch).toFloatArray();
        }
    }

    /**
     * Until it is closed, what is computed from the parameters belongs to the batch and goes with it: a result belongs to the
     * manager of its first operand, and in the parameters' own it would stay until the network is closed.
     */
    private void borrowParameters(NDManager batch) {
        batch.tempAttachAll(parameters.values().toArray(NDArray[]::new));
    }

    /** A copy of all parameters as they are now. */
    Map<String, float[]> values() {
        Map<String, float[]> values = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> values.put(name, parameter.toFloatArray()));
        return values;
    }

    /** Goes back to parameters that {@link #values} has given. */
    void restore(Map<String, float[]> values) {
        values.forEach((name, numbers) -> get(name).set(numbers));
    }

    /** All parameters as they are now, as bytes. */
    byte[] state() {
        return NamedArrays.encode(values());
    }

    /** Goes back to parameters that {@link #state} has given. */
    void restore(byte[] state) {
        restore(NamedArrays.decode(state));
    }

    @Override
    public void close() {
        manager.close();
    }
}
