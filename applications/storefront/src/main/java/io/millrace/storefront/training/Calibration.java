package io.millrace.storefront.training;

/**
 * Makes probabilities of numbers that only have the right order: {@code sigmoid(slope * z + level)}, fitted by logistic
 * regression (Platt scaling).
 */
record Calibration(double slope, double level) {

    private static final int STEPS = 25;

    /** The slope and level under which the labels, zero or one, are likeliest. */
    static Calibration fit(float[] z, float[] labels) {
        return fit(z, labels, new float[z.length]);
    }

    /**
     * The slope and level under which the labels, zero or one, are likeliest.
     *
     * @param offsets what is added to each logarithm of the odds for known reasons, and is not part of the probability
     */
    static Calibration fit(float[] z, float[] labels, float[] offsets) {
        double slope = 1;
        double level = 0;
        for (int step = 0; step < STEPS; step++) {
            double gradientSlope = 0;
            double gradientLevel = 0;
            double slopeSlope = 1e-6;
            double slopeLevel = 0;
            double levelLevel = 1e-6;
            for (int i = 0; i < z.length; i++) {
                double p = sigmoid(slope * z[i] + level + offsets[i]);
                double weight = p * (1 - p);
                gradientSlope += (p - labels[i]) * z[i];
                gradientLevel += p - labels[i];
                slopeSlope += weight * z[i] * z[i];
                slopeLevel += weight * z[i];
                levelLevel += weight;
            }
            double determinant = slopeSlope * levelLevel - slopeLevel * slopeLevel;
            // Newton's step, bounded because far from the optimum it overshoots
            slope -= bounded((levelLevel * gradientSlope - slopeLevel * gradientLevel) / determinant);
            level -= bounded((slopeSlope * gradientLevel - slopeLevel * gradientSlope) / determinant);
        }
        return new Calibration(slope, level);
    }

    double probability(double z) {
        return sigmoid(slope * z + level);
    }

    private static double bounded(double step) {
        return Math.max(-1, Math.min(1, step));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
