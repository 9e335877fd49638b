package io.millrace.storefront.training;

import io.millrace.onnx.OnnxGraph;
import java.nio.ByteBuffer;

/**
 * The order of the towers, with probabilities: {@code sigmoid(slope * score + level)}. What ships when no other ranker orders
 * better, so that a ranker never makes an answer worse.
 */
final class ScoreRanker implements Ranker {

    private static final int SCORE = RankerColumn.SCORE;

    private final Calibration calibration;

    private ScoreRanker(Calibration calibration) {
        this.calibration = calibration;
    }

    static ScoreRanker fit(RankingExamples examples) {
        return new ScoreRanker(Calibration.fit(scores(examples.x()), examples.y(), examples.offsets()));
    }

    /** The ranker that {@link #state} has given. */
    static ScoreRanker of(byte[] state) {
        ByteBuffer buffer = ByteBuffer.wrap(state);
        return new ScoreRanker(new Calibration(buffer.getDouble(), buffer.getDouble()));
    }

    @Override
    public float[] score(float[] x) {
        float[] scores = scores(x);
        for (int row = 0; row < scores.length; row++) {
            scores[row] = (float) calibration.probability(scores[row]);
        }
        return scores;
    }

    @Override
    public byte[] toOnnx() {
        float[] slope = new float[WIDTH];
        slope[SCORE] = (float) calibration.slope();
        OnnxGraph graph = new OnnxGraph("millrace-storefront", NAME);
        String odds = graph.linear(
                "odds",
                graph.numbers(INPUT, WIDTH),
                graph.constant("slope", slope, 1, WIDTH),
                graph.constant("level", new float[] {(float) calibration.level()}, 1));
        graph.output(graph.node("Sigmoid", "score", odds), 1);
        return graph.toBytes();
    }

    @Override
    public byte[] state() {
        return ByteBuffer.allocate(2 * Double.BYTES)
                .putDouble(calibration.slope())
                .putDouble(calibration.level())
                .array();
    }

    @Override
    public void close() {
        // holds nothing
    }

    private static float[] scores(float[] x) {
        float[] scores = new float[x.length / WIDTH];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = x[row * WIDTH + SCORE];
        }
        return scores;
    }
}
