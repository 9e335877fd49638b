package io.millrace.storefront.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * A distribution as weighted samples, updated by what is observed: a particle filter. When a few particles hold most of the
 * weight, all are drawn anew in proportion to it (systematic resampling).
 */
final class Particles<T> {

    private static final double POOR = 0.5; // of the particles that would be worth as much if they weighed the same

    private final UnaryOperator<T> copy;
    private final Random random;
    private List<T> states;
    private double[] weights;

    /**
     * Equally weighted samples.
     *
     * @param copy of a state that may then be changed by itself
     */
    Particles(List<T> states, UnaryOperator<T> copy, Random random) {
        this.states = new ArrayList<>(states);
        this.copy = copy;
        this.random = random;
        this.weights = equal(states.size());
    }

    /** Multiplies each particle's weight with the probability of what was observed. */
    void observe(ToDoubleFunction<T> likelihood) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= likelihood.applyAsDouble(states.get(i));
            sum += weights[i];
        }
        if (!(sum > 0)) {
            weights = equal(weights.length); // nothing explains it: keep what there was
            return;
        }
        double squares = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
            squares += weights[i] * weights[i];
        }
        if (1 / squares < POOR * weights.length) {
            states = sample(weights.length);
            weights = equal(weights.length);
        }
    }

    List<T> states() {
        return states;
    }

    /** The mean of a function over the distribution. */
    double mean(ToDoubleFunction<T> value) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * value.applyAsDouble(states.get(i));
        }
        return sum;
    }

    /** So many copies of particles, each as often as it weighs. */
    List<T> sample(int size) {
        List<T> drawn = new ArrayList<>(size);
        double place = random.nextDouble() / size;
        double passed = weights[0];
        int particle = 0;
        for (int i = 0; i < size; i++) {
            while (passed < place && particle < weights.length - 1) {
                passed += weights[++particle];
            }
            drawn.add(copy.apply(states.get(particle)));
            place += 1.0 / size;
        }
        return drawn;
    }

    private static double[] equal(int size) {
        double[] weights = new double[size];
        Arrays.fill(weights, 1.0 / size);
        return weights;
    }
}
