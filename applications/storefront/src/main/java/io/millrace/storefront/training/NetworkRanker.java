package io.millrace.storefront.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.optimizer.Optimizer;
import io.millrace.onnx.OnnxGraph;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;

/**
 * A small neural network.
 *
 * <pre>
 *   s = scaled columns, counts and prices as logarithms
 *   z = C relu(B relu(A s + a) + b) + c + D s + d
 *   P = sigmoid(slope * z + level)
 * </pre>
 *
 * The network learns the order within each customer's list (a softmax over the list), which is what answers show: a
 * logistic loss spends its effort on telling customers who buy much from those who buy little, and on Online Retail
 * ranked worse than the towers alone. Slope and level then make probabilities of the order.
 */
final class NetworkRanker implements Ranker {

    private static final int HIDDEN = 64;
    private static final float NEVER = -1e9f;
    private static final String SCALE_MEAN = "scale mean";
    private static final String SCALE_FACTOR = "scale factor";

    /**
     * How the ranker is fitted; a batch is a number of lists.
     *
     * @param epochs at most
     * @param schedule in so many epochs the learning rate falls to nothing
     */
    record Settings(int epochs, int schedule, int batch, float learningRate, float weightDecay) {

        /** For lists of candidates; chosen on Online Retail. */
        static final Settings CANDIDATES = new Settings(8, 8, 16, 0.002f, 0.01f);

        /** For pages, which are short and many. */
        static final Settings PAGES = new Settings(8, 8, 64, 0.003f, 0.01f);

        Settings withEpochs(int other) {
            return new Settings(other, schedule, batch, learningRate, weightDecay);
        }
    }

    /** After so many epochs without a better one the training ends. */
    private static final int PATIENCE = 3;

    private final Settings settings;
    private final Random random;
    private final Network network;
    private final float[] logarithm = new float[WIDTH];
    private final float[] plain = new float[WIDTH];
    private final float[] mean = new float[WIDTH];
    private final float[] factor = new float[WIDTH];
    private Calibration calibration = new Calibration(1, 0);
    private int epochs;

    NetworkRanker(Settings settings, long seed) {
        this.settings = settings;
        this.random = new Random(seed);
        this.network = new Network(random);
        for (int i = 0; i < WIDTH; i++) {
            logarithm[i] = RankerColumn.ALL.get(i).logarithm() ? 1 : 0;
            plain[i] = 1 - logarithm[i];
        }
        network.layer("first", WIDTH, HIDDEN);
        network.layer("second", HIDDEN, HIDDEN);
        network.layer("last", HIDDEN, 1);
        network.layer("straight", WIDTH, 1);
    }

    /** Learns from the examples for as many epochs as the settings say. */
    void fit(RankingExamples examples) {
        fit(examples, _ -> true);
        calibration = calibrated(examples);
        epochs = settings.epochs();
    }

    /** Learns as long as the held-out lists are ranked better, and goes back to where they were ranked best. */
    void fit(RankingExamples examples, RankingExamples held) {
        float[] rows = held.x();
        EarlyStop stop = new EarlyStop(PATIENCE);
        List<Map<String, float[]>> best = new ArrayList<>();
        fit(examples, epoch -> {
            if (stop.improves(epoch, held.ndcg(orders(rows)))) {
                best.clear();
                best.add(network.values());
            }
            return !stop.isOver();
        });
        network.restore(best.getFirst());
        calibration = calibrated(examples);
        epochs = stop.best();
    }

    /** How many epochs what it knows took. */
    int epochs() {
        return epochs;
    }

    @Override
    public byte[] state() {
        Map<String, float[]> state = network.values();
        state.put(SCALE_MEAN, mean);
        state.put(SCALE_FACTOR, factor);
        byte[] arrays = NamedArrays.encode(state);
        return ByteBuffer.allocate(Integer.BYTES + 2 * Double.BYTES + arrays.length)
                .putInt(epochs)
                .putDouble(calibration.slope())
                .putDouble(calibration.level())
                .put(arrays)
                .array();
    }

    /** Goes back to what {@link #state} has given. */
    void restore(byte[] state) {
        ByteBuffer buffer = ByteBuffer.wrap(state);
        epochs = buffer.getInt();
        calibration = new Calibration(buffer.getDouble(), buffer.getDouble());
        Map<String, float[]> arrays = NamedArrays.decode(Arrays.copyOfRange(state, buffer.position(), state.length));
        System.arraycopy(arrays.remove(SCALE_MEAN), 0, mean, 0, WIDTH);
        System.arraycopy(arrays.remove(SCALE_FACTOR), 0, factor, 0, WIDTH);
        network.restore(arrays);
    }

    private void fit(RankingExamples examples, IntPredicate goesOnAfter) {
        learnScale(examples);
        // of a list without a choice there is no order to learn
        List<RankingExamples.Listed> lists = new ArrayList<>(
                examples.lists().stream().filter(list -> list.bought() > 0).toList());
        int batches = Math.ceilDiv(lists.size(), settings.batch());
        Optimizer optimizer =
                Network.optimizer(settings.learningRate(), settings.weightDecay(), batches * settings.schedule());
        boolean goesOn = true;
        for (int epoch = 1; goesOn && epoch <= settings.epochs(); epoch++) {
            Collections.shuffle(lists, random);
            for (int from = 0; from < lists.size(); from += settings.batch()) {
                List<RankingExamples.Listed> batch =
                        lists.subList(from, Math.min(from + settings.batch(), lists.size()));
                network.step(optimizer, manager -> loss(manager, batch));
            }
            goesOn = goesOnAfter.test(epoch);
        }
    }

    @Override
    public float[] score(float[] x) {
        float[] scores = orders(x);
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) calibration.probability(scores[i]);
        }
        return scores;
    }

    @Override
    public void close() {
        network.close();
    }

    @Override
    public byte[] toOnnx() {
        OnnxGraph graph = new OnnxGraph("millrace-storefront", NAME);
        String x = graph.numbers(INPUT, WIDTH);
        String positive = graph.node("Relu", "positive", x);
        String log = graph.node("Log", "log", graph.node("Add", "plus_one", positive, scalar(graph, "one", 1)));
        String skewed = graph.node("Mul", "skewed", log, row(graph, "logarithm", logarithm));
        String even = graph.node("Mul", "even", x, row(graph, "plain", plain));
        String together = graph.node("Add", "together", skewed, even);
        String centred = graph.node("Sub", "centred", together, row(graph, "mean", mean));
        String scaled = graph.node("Mul", "scaled", centred, row(graph, "factor", factor));
        String first = graph.node("Relu", "first_active", network.linear(graph, "first", scaled));
        String second = graph.node("Relu", "second_active", network.linear(graph, "second", first));
        String order = graph.node(
                "Add", "order", network.linear(graph, "last", second), network.linear(graph, "straight", scaled));
        String sloped = graph.node("Mul", "sloped", order, scalar(graph, "slope", (float) calibration.slope()));
        String levelled = graph.node("Add", "levelled", sloped, scalar(graph, "level", (float) calibration.level()));
        graph.output(graph.node("Sigmoid", "score", levelled), 1);
        return graph.toBytes();
    }

    private NDArray loss(NDManager manager, List<RankingExamples.Listed> batch) {
        int longest = batch.stream().mapToInt(list -> list.y().length).max().orElse(0);
        float[] x = new float[batch.size() * longest * WIDTH];
        float[] wanted = new float[batch.size() * longest];
        float[] added = new float[batch.size() * longest];
        for (int i = 0; i < batch.size(); i++) {
            RankingExamples.Listed list = batch.get(i);
            int start = i * longest;
            System.arraycopy(list.x(), 0, x, start * WIDTH, list.x().length);
            System.arraycopy(list.offsets(), 0, added, start, list.y().length);
            Arrays.fill(added, start + list.y().length, start + longest, NEVER);
            float root = (float) Math.sqrt(list.bought());
            for (int row = 0; row < list.y().length; row++) {
                wanted[start + row] = list.y()[row] / root;
            }
        }
        Shape shape = new Shape(batch.size(), longest);
        NDArray order = order(manager, x).reshape(shape).add(manager.create(added, shape));
        return order.logSoftmax(1).mul(manager.create(wanted, shape)).sum().div(-batch.size());
    }

    private float[] orders(float[] x) {
        int rows = x.length / WIDTH;
        float[] orders = new float[rows];
        for (int from = 0; from < rows; from += 8192) {
            float[] part = Arrays.copyOfRange(x, from * WIDTH, Math.min(from + 8192, rows) * WIDTH);
            float[] computed = network.compute(manager -> order(manager, part));
            System.arraycopy(computed, 0, orders, from, computed.length);
        }
        return orders;
    }

    private NDArray order(NDManager manager, float[] x) {
        NDArray raw = manager.create(x, new Shape(x.length / WIDTH, WIDTH));
        NDArray skewed = Activation.relu(raw).add(1).log().mul(manager.create(logarithm));
        NDArray scaled = skewed.add(raw.mul(manager.create(plain)))
                .sub(manager.create(mean))
                .mul(manager.create(factor));
        NDArray first = Activation.relu(network.linear("first", scaled));
        NDArray second = Activation.relu(network.linear("second", first));
        return network.linear("last", second).add(network.linear("straight", scaled));
    }

    private Calibration calibrated(RankingExamples examples) {
        return Calibration.fit(orders(examples.x()), examples.y(), examples.offsets());
    }

    private void learnScale(RankingExamples examples) {
        double[] sum = new double[WIDTH];
        double[] squares = new double[WIDTH];
        for (RankingExamples.Listed list : examples.lists()) {
            for (int i = 0; i < list.x().length; i++) {
                int column = i % WIDTH;
                double value = logarithm[column] == 1 ? Math.log1p(Math.max(0, list.x()[i])) : list.x()[i];
                sum[column] += value;
                squares[column] += value * value;
            }
        }
        for (int i = 0; i < WIDTH; i++) {
            double average = sum[i] / examples.rows();
            double variance = squares[i] / examples.rows() - average * average;
            mean[i] = (float) average;
            // a column that never changes says nothing, also when it changes later
            factor[i] = variance < 1e-6 ? 0 : (float) (1 / Math.sqrt(variance));
        }
    }

    private static String row(OnnxGraph graph, String name, float[] values) {
        return graph.constant(name, values, 1, WIDTH);
    }

    private static String scalar(OnnxGraph graph, String name, float value) {
        return graph.constant(name, new float[] {value}, 1);
    }
}
