package io.millrace.storefront.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;
import ai.djl.training.optimizer.Optimizer;
import io.millrace.onnx.OnnxGraph;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Retrieval: a customer's vector from its newest items, and a vector for each item; their inner product says how likely
 * the customer buys the item next.
 *
 * <pre>
 *   e(i) = E_i + sum of E'_w over the item's words w / sqrt(words)
 *   v(i) = V_i + sum of V'_w over the item's words w / sqrt(words)
 *   h = sum_p w_p e(item_p) / sum_p w_p          p: place in the history, padding has weight 0
 *   u = A h + b                                  without history: b
 *   P(i) = softmax over all items of u * v(i)
 * </pre>
 *
 * Words let items learn from each other; the exported model and the item vectors have their part in the tables.
 */
final class TwoTower implements AutoCloseable {

    static final String NAME = "storefront-user-tower";

    /** The size of the vectors. */
    static final int WIDTH = 64;

    private static final String INPUT = "recent_items";
    private static final float LITTLE = 1e-3f; // keeps an empty history from dividing by zero

    /** How the towers are fitted. The defaults were chosen on Online Retail before 2011-08-01, labels from then. */
    record Settings(int itemWidth, int epochs, int batch, float learningRate, float weightDecay, float dropout) {

        static final Settings DEFAULT = new Settings(128, 6, 256, 0.003f, 0.01f, 0.2f);
    }

    private final int items;
    private final ItemWords words;
    private final Settings settings;
    private final Random random;
    private final Network network;

    TwoTower(int items, ItemWords words, Settings settings, long seed) {
        this.items = items;
        this.words = words;
        this.settings = settings;
        this.random = new Random(seed);
        this.network = new Network(random);
        network.parameter("items", 0.1, items + 1L, settings.itemWidth());
        network.parameter("item_words", 0.1, words.size() + 1L, settings.itemWidth());
        network.parameter("vectors", 0.1, items + 1L, WIDTH);
        network.parameter("vector_words", 0.1, words.size() + 1L, WIDTH);
        network.parameter("places", 0, 1, Histories.LENGTH);
        network.layer("embedding", settings.itemWidth(), WIDTH);
    }

    /** Learns from the samples; the mean loss of the last epoch. */
    double fit(SampleSource samples) {
        int batches = Math.ceilDiv(samples.epoch(random).size(), settings.batch());
        Optimizer optimizer =
                Network.optimizer(settings.learningRate(), settings.weightDecay(), batches * settings.epochs());
        double mean = 0;
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            List<TowerSample> shuffled = new ArrayList<>(samples.epoch(random));
            Collections.shuffle(shuffled, random);
            double sum = 0;
            for (int from = 0; from < shuffled.size(); from += settings.batch()) {
                List<TowerSample> batch = shuffled.subList(from, Math.min(from + settings.batch(), shuffled.size()));
                sum += network.step(optimizer, manager -> loss(manager, batch));
            }
            mean = sum / batches;
        }
        return mean;
    }

    /** The customers' vectors, {@link #WIDTH} numbers for each history. */
    float[] embed(int[][] histories) {
        float[] vectors = new float[histories.length * WIDTH];
        for (int from = 0; from < histories.length; from += 1024) {
            int[][] part = Arrays.copyOfRange(histories, from, Math.min(from + 1024, histories.length));
            float[] computed = network.compute(manager -> user(pooled(manager, part)));
            System.arraycopy(computed, 0, vectors, from * WIDTH, computed.length);
        }
        return vectors;
    }

    /** The items' vectors, {@link #WIDTH} numbers for each. */
    float[] itemVectors() {
        return network.compute(manager -> vectors(manager));
    }

    /** The user tower as it is served. */
    Model export(Vocabulary vocabulary) {
        return new Model(
                NAME, toOnnx(vocabulary), """
                platform: onnx_onnxv1
                max_batch_size: 512
                max_queue_delay: 0us
                max_queue_rows: 8192
                instances: 1
                embedding_space: storefront-tower
                inputs:
                  - {name: %s, datatype: BYTES, width: %d, from: customer.recent_items, padding: ""}
                outputs: [{name: embedding, datatype: FP32}]
                """.formatted(INPUT, Histories.LENGTH).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        network.close();
    }

    private byte[] toOnnx(Vocabulary vocabulary) {
        float[] known = new float[items + 1];
        Arrays.fill(known, 1, known.length, 1);
        float[] table = network.compute(manager -> table(manager, "items", "item_words"));
        float[] weights = network.compute(manager -> network.get("places").exp());

        OnnxGraph graph = new OnnxGraph("millrace-storefront", NAME);
        String places = graph.places(graph.texts(INPUT, Histories.LENGTH), vocabulary.ids());
        String mask = graph.node("Gather", "mask", graph.constant("known", known, items + 1L), places);
        String weight = graph.node("Mul", "weight", mask, graph.constant("places", weights, 1, Histories.LENGTH));
        String vectors = graph.node(
                "Gather", "vectors", graph.constant("items", table, items + 1L, settings.itemWidth()), places);
        String second = graph.axis("second", 1);
        String row = graph.node("Unsqueeze", "weight_row", weight, second);
        String sum = graph.node("Squeeze", "sum", graph.node("MatMul", "sum_row", row, vectors), second);
        String total = graph.node("ReduceSum", "total", weight, second);
        String divisor = graph.node("Add", "divisor", total, graph.constant("little", new float[] {LITTLE}, 1));
        String pooled = graph.node("Div", "pooled", sum, divisor);
        graph.output(network.linear(graph, "embedding", pooled), WIDTH);
        return graph.toBytes();
    }

    private NDArray loss(NDManager manager, List<TowerSample> batch) {
        int[][] histories = batch.stream().map(TowerSample::history).toArray(int[][]::new);
        float[] wanted = new float[batch.size() * items];
        float total = 0;
        for (int row = 0; row < batch.size(); row++) {
            TowerSample sample = batch.get(row);
            // a moment with many purchases says more than one with few, but not in proportion
            float root = (float) Math.sqrt(sample.targets().length);
            for (int target : sample.targets()) {
                wanted[row * items + target] = sample.weight() / root;
            }
            total += sample.weight() * root;
        }
        NDArray targets = manager.create(wanted, new Shape(batch.size(), items));
        NDArray logits = user(dropped(pooled(manager, histories)))
                .matMul(vectors(manager).transpose());
        return logits.logSoftmax(1).mul(targets).sum().div(-total);
    }

    /** The weighted mean of the items in each history. */
    private NDArray pooled(NDManager manager, int[][] histories) {
        long[] numbers = new long[histories.length * Histories.LENGTH];
        for (int row = 0; row < histories.length; row++) {
            for (int i = 0; i < histories[row].length; i++) {
                numbers[row * Histories.LENGTH + i] = histories[row][i] + 1L; // zero is padding
            }
        }
        NDArray places = manager.create(numbers, new Shape(histories.length, Histories.LENGTH));
        NDArray weight = places.gt(0)
                .toType(DataType.FLOAT32, false)
                .mul(network.get("places").exp());
        NDArray vectors = Embedding.embedding(places, table(manager, "items", "item_words"), SparseFormat.DENSE)
                .singletonOrThrow();
        NDArray sum = weight.expandDims(1).matMul(vectors).squeeze(1);
        return sum.div(weight.sum(new int[] {1}, true).add(LITTLE));
    }

    private NDArray dropped(NDArray x) {
        float[] kept = new float[(int) x.size()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = random.nextFloat() < settings.dropout() ? 0 : 1 / (1 - settings.dropout());
        }
        return x.mul(x.getManager().create(kept, x.getShape()));
    }

    private NDArray user(NDArray pooled) {
        return network.linear("embedding", pooled);
    }

    private NDArray vectors(NDManager manager) {
        return table(manager, "vectors", "vector_words").get("1:");
    }

    /** What each item has of its own and by its words; the first row is padding. */
    private NDArray table(NDManager manager, String own, String byWord) {
        NDArray places = manager.create(words.places(), new Shape(items + 1L, ItemWords.PER_ITEM));
        NDArray mask = places.gt(0).toType(DataType.FLOAT32, false);
        NDArray vectors = Embedding.embedding(places, network.get(byWord), SparseFormat.DENSE)
                .singletonOrThrow();
        NDArray sum = mask.expandDims(1).matMul(vectors).squeeze(1);
        NDArray shares = sum.div(mask.sum(new int[] {1}, true).add(LITTLE).sqrt());
        return network.get(own).add(shares);
    }
}
