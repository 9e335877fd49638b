package io.millrace.storefront.training;

import io.millrace.onnx.OnnxGraph;

/**
 * Prices as places between knots that lie evenly on the logarithm of the price: a price is worth one at its own place and
 * less the further a knot is, down to nothing at the next. So what is learnt at the knots holds, blended, for every price.
 *
 * @param from the logarithm of the first knot
 * @param step from one knot to the next
 */
record PriceScale(float from, float step) {

    static final int KNOTS = 8;

    /** Knots for these prices; those that are not above zero are unknown and do not count. */
    static PriceScale of(float[] prices) {
        double sum = 0;
        double squares = 0;
        int known = 0;
        for (float price : prices) {
            if (price > 0) {
                double logarithm = Math.log1p(price);
                sum += logarithm;
                squares += logarithm * logarithm;
                known++;
            }
        }
        double mean = known == 0 ? 0 : sum / known;
        double deviation = known == 0 ? 0 : Math.sqrt(Math.max(0, squares / known - mean * mean));
        double reach = Math.max(0.1, 2 * deviation);
        return new PriceScale((float) (mean - reach), (float) (2 * reach / (KNOTS - 1)));
    }

    /** How much each knot has of a price; an unknown one has none of any. */
    float[] weights(float price) {
        float[] weights = new float[KNOTS];
        if (price > 0) {
            float place = Math.clamp(((float) Math.log(price + 1) - from) / step, 0, KNOTS - 1);
            for (int knot = 0; knot < KNOTS; knot++) {
                weights[knot] = Math.max(0, 1 - Math.abs(place - knot));
            }
        }
        return weights;
    }

    /** {@link #weights} as nodes of a graph. */
    String weights(OnnxGraph graph, String price) {
        float[] knots = new float[KNOTS];
        for (int knot = 0; knot < KNOTS; knot++) {
            knots[knot] = knot;
        }
        String one = constant(graph, "one", 1);
        String positive = graph.node("Relu", "positive", price);
        String log = graph.node("Log", "log", graph.node("Add", "plus_one", positive, one));
        String beyond = graph.node("Sub", "beyond", log, constant(graph, "from", from));
        String steps = graph.node("Div", "steps", beyond, constant(graph, "step", step));
        String place =
                graph.node("Min", "place", graph.node("Relu", "from_first", steps), constant(graph, "last", KNOTS - 1));
        String away = graph.node(
                "Abs", "away", graph.node("Sub", "to_knots", place, graph.constant("knots", knots, 1, KNOTS)));
        String near = graph.node("Relu", "near", graph.node("Sub", "not_away", one, away));
        return graph.node("Mul", "price_weights", near, graph.node("Sign", "priced", positive));
    }

    private static String constant(OnnxGraph graph, String name, float value) {
        return graph.constant(name, new float[] {value}, 1, 1);
    }
}
