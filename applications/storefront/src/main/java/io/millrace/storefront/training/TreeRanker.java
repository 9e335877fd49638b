package io.millrace.storefront.training;

import io.millrace.onnx.OnnxGraph;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * Boosted trees on XGBoost with a logistic loss: the sum of the leaves is the logarithm of the odds, so their answers are
 * probabilities as they are.
 */
final class TreeRanker implements Ranker {

    /**
     * How the trees grow.
     *
     * @param rounds how many trees, at most
     * @param depth of a tree
     * @param leastWeight what a leaf must have of p (1 - p), summed over its rows
     * @param rows the share of rows that each tree sees
     * @param columns the share of columns that each tree sees
     */
    record Settings(int rounds, int depth, double learningRate, double leastWeight, double rows, double columns) {

        /** For lists of candidates; chosen on Online Retail. */
        static final Settings CANDIDATES = new Settings(400, 6, 0.06, 20, 0.8, 0.7);

        /** For pages: most of what there is to know is in the score, so shallow. */
        static final Settings PAGES = new Settings(400, 4, 0.06, 20, 0.8, 0.7);

        Settings withRounds(int other) {
            return new Settings(other, depth, learningRate, leastWeight, rows, columns);
        }
    }

    private static final String JSON = "json";

    /** How many rounds lie between two looks at the held-out lists. */
    private static final int STRIDE = 20;

    /** After so many looks without a better one the trees stop growing. */
    private static final int PATIENCE = 4;

    private final Booster booster;

    private TreeRanker(Booster booster) {
        this.booster = booster;
    }

    /** Why there are no trees on this machine; empty where XGBoost has a library for it. */
    static Optional<String> missing() {
        try {
            new DMatrix(new float[] {0}, 1, 1, Float.NaN).dispose();
            return Optional.empty();
        } catch (XGBoostError | LinkageError e) {
            return Optional.of("XGBoost has no library for %s on %s"
                    .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
        }
    }

    /** Grows as many trees as the settings say. */
    static TreeRanker fit(RankingExamples examples, Settings settings, long seed) {
        return grown(examples, settings, seed, (_, _) -> true);
    }

    /** Grows trees as long as they rank the held-out lists better, and keeps those that did so best. */
    static TreeRanker fit(RankingExamples examples, RankingExamples held, Settings settings, long seed) {
        float[] rows = held.x();
        EarlyStop stop = new EarlyStop(PATIENCE);
        byte[][] best = new byte[1][];
        try (TreeRanker all = grown(examples, settings, seed, (booster, round) -> {
            if (round % STRIDE == 0 && stop.improves(round, held.ndcg(predict(booster, rows)))) {
                best[0] = booster.toByteArray(JSON);
            }
            return !stop.isOver();
        })) {
            return of(best[0] == null ? all.state() : best[0]);
        }
    }

    /** The trees that {@link #state} has given. */
    static TreeRanker of(byte[] state) {
        try {
            return new TreeRanker(XGBoost.loadModel(new ByteArrayInputStream(state)));
        } catch (XGBoostError | IOException e) {
            throw failed(e);
        }
    }

    @Override
    public byte[] state() {
        try {
            return booster.toByteArray(JSON);
        } catch (XGBoostError e) {
            throw failed(e);
        }
    }

    int rounds() {
        try {
            return booster.getNumBoostedRound();
        } catch (XGBoostError e) {
            throw failed(e);
        }
    }

    @Override
    public float[] score(float[] x) {
        try {
            return predict(booster, x);
        } catch (XGBoostError e) {
            throw failed(e);
        }
    }

    @Override
    public byte[] toOnnx() {
        OnnxGraph graph = new OnnxGraph("millrace-storefront", NAME);
        try {
            String odds = graph.trees("odds", graph.numbers(INPUT, WIDTH), XgboostFile.read(booster.toByteArray(JSON)));
            graph.output(graph.node("Sigmoid", "score", odds), 1);
        } catch (XGBoostError e) {
            throw failed(e);
        }
        return graph.toBytes();
    }

    @Override
    public void close() {
        booster.dispose();
    }

    /** Whether to go on after a round, counted from one. */
    private interface Watch {
        boolean goesOn(Booster booster, int round) throws XGBoostError;
    }

    private static TreeRanker grown(RankingExamples examples, Settings settings, long seed, Watch watch) {
        try {
            DMatrix rows = new DMatrix(examples.x(), examples.rows(), WIDTH, Float.NaN);
            try {
                rows.setLabel(examples.y());
                Map<String, Object> parameters = parameters(settings, seed);
                float[] offsets = examples.offsets();
                if (hasOffsets(offsets)) {
                    parameters.put("base_score", addBase(offsets, examples.y()));
                    rows.setBaseMargin(offsets);
                }
                Booster booster = XGBoost.train(rows, parameters, 0, Map.of(), null, null);
                int round = 0;
                boolean goesOn = true;
                while (goesOn && round < settings.rounds()) {
                    booster.update(rows, round++);
                    goesOn = watch.goesOn(booster, round);
                }
                return new TreeRanker(booster);
            } finally {
                rows.dispose();
            }
        } catch (XGBoostError e) {
            throw failed(e);
        }
    }

    private static boolean hasOffsets(float[] offsets) {
        for (float offset : offsets) {
            if (offset != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Adds the logarithm of the odds of the mean label to offsets, which XGBoost takes in place of its own base, and returns
     * the mean.
     */
    private static double addBase(float[] offsets, float[] labels) {
        double sum = 0.5;
        for (float label : labels) {
            sum += label;
        }
        double mean = sum / (labels.length + 1);
        for (int row = 0; row < offsets.length; row++) {
            offsets[row] += (float) Math.log(mean / (1 - mean));
        }
        return mean;
    }

    private static Map<String, Object> parameters(Settings settings, long seed) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("objective", "binary:logistic");
        parameters.put("tree_method", "hist");
        parameters.put("max_depth", settings.depth());
        parameters.put("eta", settings.learningRate());
        parameters.put("min_child_weight", settings.leastWeight());
        parameters.put("subsample", settings.rows());
        parameters.put("colsample_bytree", settings.columns());
        parameters.put("seed", seed);
        // OpenMP's threads wait spinning too, see Network
        parameters.put("nthread", Network.threads());
        parameters.put("verbosity", 1);
        return parameters;
    }

    private static float[] predict(Booster booster, float[] x) throws XGBoostError {
        float[][] rows = booster.inplace_predict(x, x.length / WIDTH, WIDTH, Float.NaN);
        float[] scores = new float[rows.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = rows[i][0];
        }
        return scores;
    }

    private static IllegalStateException failed(Exception e) {
        return new IllegalStateException("XGBoost failed: " + e.getMessage(), e);
    }
}
