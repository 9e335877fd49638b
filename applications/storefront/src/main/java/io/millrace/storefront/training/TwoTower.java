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
 * Retrieval: a customer's vector from its newest items and those of its session, and a vector for each item; their inner
 * product says how likely the customer wants the item next.
 *
 * <pre>
 *   e(i), v(i)                                   rows of two {@link ItemTable}s
 *   h = sum_p w_p e(item_p) / sum_p w_p          p: place in the history, padding has weight 0
 *   s = sum_p x_p e(item_p) / (sum_p x_p + y)    p: place in the session; y says how much a few items are trusted
 *   u = A h + B s + b                            without history and session: b
 *   P(i) = softmax of u * v(i) over all items that were seen, or over the sample's alternatives where it has some
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

    private static final float NEVER = -1e9f;
    private static final float LITTLE = 1e-3f; // keeps an empty history from dividing by zero

    /**
     * How the towers are fitted.
     *
     * @param unnamed the share of items that are without their own part in a step
     */
    record Settings(
            int itemWidth, int epochs, int batch, float learningRate, float weightDecay, float dropout, float unnamed) {

        /** For next purchases; chosen on Online Retail before 2011-08-01, labels from then. */
        static final Settings PURCHASES = new Settings(128, 6, 256, 0.003f, 0.01f, 0.2f, 0.1f);

        /** For the rest of visits, of which there are many alike: smaller, and held back, or it learns them by heart. */
        static final Settings VISITS = new Settings(32, 4, 256, 0.005f, 0.4f, 0.1f, 0.1f);
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
        network.parameter("places", 0, 1, TowerInput.RECENT);
        network.layer("recent", settings.itemWidth(), WIDTH);
        network.parameter("session_places", 0, 1, TowerInput.SESSION);
        network.parameter("session_prior", 0, 1);
        // nothing at first: where no sample has a session, none will count
        network.parameter("session_weight", 0, WIDTH, settings.itemWidth());
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

    /** How well an item fits a customer, by the rows of their vectors. */
    static float score(float[] users, int user, float[] items, int item) {
        float score = 0;
        for (int i = 0; i < WIDTH; i++) {
            score += users[user * WIDTH + i] * items[item * WIDTH + i];
        }
        return score;
    }

    /** What it has learnt. */
    byte[] state() {
        return network.state();
    }

    /** Goes back to what {@link #state} has given. */
    void restore(byte[] state) {
        network.restore(state);
    }

    /** The customers' vectors, {@link #WIDTH} numbers for each. */
    float[] embed(List<TowerInput> inputs) {
        float[] vectors = new float[inputs.size() * WIDTH];
        for (int from = 0; from < inputs.size(); from += 1024) {
            List<TowerInput> part = inputs.subList(from, Math.min(from + 1024, inputs.size()));
            float[] computed = network.compute(manager -> {
                NDArray table = history.rows(manager, seen);
                return user(recent(manager, table, part), session(manager, table, part));
            });
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
                embedding_space: %1$s
                inputs:
                  - {name: %2$s, datatype: BYTES, width: %3$d, from: customer.%2$s, padding: ""}
                  - {name: %4$s, datatype: BYTES, width: %5$d, from: customer.%4$s, padding: ""}
                outputs: [{name: embedding, datatype: FP32}]
                """.formatted(
                        EMBEDDING_SPACE,
                        TowerInput.RECENT_ITEMS,
                        TowerInput.RECENT,
                        TowerInput.SESSION_ITEMS,
                        TowerInput.SESSION)
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
        float[] mask = new float[items + 1];
        Arrays.fill(mask, 1, mask.length, 1);
        float[] vectors = network.compute(manager -> history.rows(manager, seen));

        OnnxGraph graph = new OnnxGraph("millrace-storefront", NAME);
        String known = graph.constant("known", mask, items + 1L);
        String table = graph.constant("items", vectors, items + 1L, settings.itemWidth());
        String little = graph.constant("little", new float[] {LITTLE}, 1);
        String prior = graph.constant(
                "prior", network.compute(_ -> network.get("session_prior").exp()), 1);
        String recent =
                pooled(graph, graph.texts(TowerInput.RECENT_ITEMS, TowerInput.RECENT), known, table, "places", little);
        String session = pooled(
                graph,
                graph.texts(TowerInput.SESSION_ITEMS, TowerInput.SESSION),
                known,
                table,
                "session_places",
                prior);
        String weight = graph.constant(
                "session_weight", network.get("session_weight").toFloatArray(), WIDTH, settings.itemWidth());
        String none = graph.constant("none", new float[WIDTH], WIDTH);
        graph.output(
                graph.node(
                        "Add",
                        "embedding",
                        network.linear(graph, "recent", recent),
                        graph.linear("session", session, weight, none)),
                WIDTH);
        return graph.toBytes();
    }

    /** The graph's weighted mean of the items in a list of texts. */
    private String pooled(OnnxGraph graph, String texts, String known, String table, String places, String prior) {
        float[] weights = network.compute(_ -> network.get(places).exp());
        String second = graph.axis(texts + "_second", 1);
        String numbers = graph.places(texts, content.items().ids());
        String mask = graph.node("Gather", texts + "_mask", known, numbers);
        String weight = graph.node("Mul", texts + "_weight", mask, graph.constant(places, weights, 1, weights.length));
        String vectors = graph.node("Gather", texts + "_vectors", table, numbers);
        String row = graph.node("Unsqueeze", texts + "_row", weight, second);
        String sum =
                graph.node("Squeeze", texts + "_sum", graph.node("MatMul", texts + "_sum_row", row, vectors), second);
        String total = graph.node("ReduceSum", texts + "_total", weight, second);
        return graph.node("Div", texts + "_pooled", sum, graph.node("Add", texts + "_divisor", total, prior));
    }

    private NDArray loss(NDManager manager, List<TowerSample> batch) {
        List<TowerInput> inputs = batch.stream().map(TowerSample::input).toList();
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
        NDArray table = history.rows(manager, seen);
        NDArray logits = user(dropped(recent(manager, table, inputs)), dropped(session(manager, table, inputs)))
                .matMul(vectors(manager, named()).transpose())
                .add(manager.create(unseen(), new Shape(1, items)));
        return possible(manager, logits, batch).logSoftmax(1).mul(targets).sum().div(-total);
    }

    /** Logits that leave nothing to what could not have been chosen. */
    private NDArray possible(NDManager manager, NDArray logits, List<TowerSample> batch) {
        if (batch.stream().allMatch(sample -> sample.alternatives().length == 0)) {
            return logits;
        }
        float[] added = new float[batch.size() * items];
        for (int row = 0; row < batch.size(); row++) {
            int[] alternatives = batch.get(row).alternatives();
            if (alternatives.length > 0) {
                Arrays.fill(added, row * items, (row + 1) * items, NEVER);
                for (int item : alternatives) {
                    added[row * items + item] = 0;
                }
            }
        }
        return logits.add(manager.create(added, logits.getShape()));
    }

    private NDArray recent(NDManager manager, NDArray table, List<TowerInput> inputs) {
        int[][] lists = inputs.stream().map(TowerInput::recent).toArray(int[][]::new);
        return pooled(manager, table, lists, network.get("places"), manager.create(LITTLE));
    }

    private NDArray session(NDManager manager, NDArray table, List<TowerInput> inputs) {
        int[][] lists = inputs.stream().map(TowerInput::session).toArray(int[][]::new);
        return pooled(
                manager,
                table,
                lists,
                network.get("session_places"),
                network.get("session_prior").exp());
    }

    /** The weighted mean of the items in each list. */
    private static NDArray pooled(NDManager manager, NDArray table, int[][] lists, NDArray places, NDArray prior) {
        int length = Math.max(
                1, Arrays.stream(lists).mapToInt(list -> list.length).max().orElse(0));
        long[] numbers = new long[lists.length * length];
        for (int row = 0; row < lists.length; row++) {
            for (int i = 0; i < lists[row].length; i++) {
                numbers[row * length + i] = lists[row][i] + 1L; // zero is padding
            }
        }
        NDArray rows = manager.create(numbers, new Shape(lists.length, length));
        NDArray weight = rows.gt(0)
                .toType(DataType.FLOAT32, false)
                .mul(places.get(":, :{}", length).exp());
        NDArray vectors = Embedding.embedding(rows, table, SparseFormat.DENSE).singletonOrThrow();
        NDArray sum = weight.expandDims(1).matMul(vectors).squeeze(1);
        return sum.div(weight.sum(new int[] {1}, true).add(prior));
    }

    private NDArray dropped(NDArray x) {
        float[] kept = new float[(int) x.size()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = random.nextFloat() < settings.dropout() ? 0 : 1 / (1 - settings.dropout());
        }
        return x.mul(x.getManager().create(kept, x.getShape()));
    }

    private NDArray user(NDArray recent, NDArray session) {
        return network.linear("recent", recent)
                .add(session.matMul(network.get("session_weight").transpose()));
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
