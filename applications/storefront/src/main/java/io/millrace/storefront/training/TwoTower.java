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
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Retrieval: a customer's vector from its newest items, and a vector for each item; their inner product says how likely
 * the customer buys the item next.
 *
 * <pre>
 *   e(i), v(i)                                   rows of two {@link ItemTable}s
 *   h = sum_p w_p e(item_p) / sum_p w_p          p: place in the history, padding has weight 0
 *   u = A h + b                                  without history: b
 *   P(i) = softmax over all items that were seen of u * v(i)
 * </pre>
 *
 * In every step some items lose their own part of v, so that words, category and price learn to stand alone: they are all
 * that an item has which nobody has seen. Such items stay out of the softmax, as nobody could have chosen them.
 */
final class TwoTower implements AutoCloseable {

    static final String NAME = "storefront-user-tower";

    /** The size of the vectors. */
    static final int WIDTH = 64;

    static final String ITEM_NAME = "storefront-item-tower";

    /** With the number of the version it is the space that both towers' vectors are in. */
    static final String EMBEDDING_SPACE = "storefront-tower";

    private static final String INPUT = "recent_items";
    private static final float NEVER = -1e9f;
    private static final float LITTLE = 1e-3f; // keeps an empty history from dividing by zero

    /**
     * How the towers are fitted. The defaults were chosen on Online Retail before 2011-08-01, labels from then.
     *
     * @param unnamed the share of items that are without their own part in a step
     */
    record Settings(
            int itemWidth, int epochs, int batch, float learningRate, float weightDecay, float dropout, float unnamed) {

        static final Settings DEFAULT = new Settings(128, 6, 256, 0.003f, 0.01f, 0.2f, 0.1f);
    }

    private final int items;
    private final ItemContent content;
    private final float[] seen;
    private final Settings settings;
    private final Random random;
    private final Network network;
    private final ItemTable history;
    private final ItemTable vectors;

    /** @param seen the items that somebody has seen: only they have a part of their own */
    TwoTower(ItemContent content, BitSet seen, Settings settings, long seed) {
        this.items = content.items().size();
        this.content = content;
        this.seen = new float[items + 1];
        seen.stream().forEach(item -> this.seen[item + 1] = 1);
        this.settings = settings;
        this.random = new Random(seed);
        this.network = new Network(random);
        this.history = new ItemTable(network, "items", content, settings.itemWidth());
        this.vectors = new ItemTable(network, "vectors", content, WIDTH);
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

    /** What it has learnt. */
    byte[] state() {
        return network.state();
    }

    /** Goes back to what {@link #state} has given. */
    void restore(byte[] state) {
        network.restore(state);
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
        return network.compute(manager -> vectors(manager, seen));
    }

    /** The user tower as it is served. */
    Model export() {
        return new Model(NAME, toOnnx(), """
                platform: onnx_onnxv1
                max_batch_size: 512
                max_queue_delay: 0us
                max_queue_rows: 8192
                instances: 1
                embedding_space: %s
                inputs:
                  - {name: %s, datatype: BYTES, width: %d, from: customer.recent_items, padding: ""}
                outputs: [{name: embedding, datatype: FP32}]
                """.formatted(EMBEDDING_SPACE, INPUT, Histories.LENGTH)
                .getBytes(StandardCharsets.UTF_8));
    }

    /** The item tower as it is served. */
    Model exportItems() {
        OnnxGraph graph = new OnnxGraph("millrace-storefront", ITEM_NAME);
        ItemTable.Inputs inputs = new ItemTable.Inputs(
                graph.texts("id", 1),
                graph.texts("description", 1),
                graph.texts("category", 1),
                graph.numbers("price", 1));
        graph.output(vectors.rows(graph, inputs, seen), WIDTH);
        return new Model(
                ITEM_NAME, graph.toBytes(), """
                platform: onnx_onnxv1
                max_batch_size: 512
                max_queue_delay: 0us
                max_queue_rows: 8192
                instances: 1
                embedding_space: %s
                inputs:
                  - {name: id, datatype: BYTES, width: 1, from: item.id, padding: ""}
                  - {name: description, datatype: BYTES, width: 1, from: item.description, padding: ""}
                  - {name: category, datatype: BYTES, width: 1, from: item.category, padding: ""}
                  - name: price
                    datatype: FP32
                    columns:
                      - {from: item.list_price, default: 0}
                outputs: [{name: embedding, datatype: FP32}]
                """.formatted(EMBEDDING_SPACE).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        network.close();
    }

    private byte[] toOnnx() {
        float[] known = new float[items + 1];
        Arrays.fill(known, 1, known.length, 1);
        float[] table = network.compute(manager -> history.rows(manager, seen));
        float[] weights = network.compute(manager -> network.get("places").exp());

        OnnxGraph graph = new OnnxGraph("millrace-storefront", NAME);
        String places = graph.places(
                graph.texts(INPUT, Histories.LENGTH), content.items().ids());
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
                .matMul(vectors(manager, named()).transpose())
                .add(manager.create(unseen(), new Shape(1, items)));
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
        NDArray vectors = Embedding.embedding(places, history.rows(manager, seen), SparseFormat.DENSE)
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

    private NDArray vectors(NDManager manager, float[] own) {
        return vectors.rows(manager, own).get("1:");
    }

    /** Whose own part counts in a step. */
    private float[] named() {
        float[] named = seen.clone();
        for (int row = 1; row < named.length; row++) {
            if (random.nextFloat() < settings.unnamed()) {
                named[row] = 0;
            }
        }
        return named;
    }

    /** What takes unseen items out of the softmax. */
    private float[] unseen() {
        float[] unseen = new float[items];
        for (int item = 0; item < items; item++) {
            unseen[item] = seen[item + 1] == 0 ? NEVER : 0;
        }
        return unseen;
    }
}
