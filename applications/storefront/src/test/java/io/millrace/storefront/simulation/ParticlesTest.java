package io.millrace.storefront.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParticlesTest {

    /** A standard normal state, seen three times with noise: the posterior is known (Kalman). */
    @Test
    void thePosteriorIsTheClosedFormOfTheGaussianCase() {
        Random random = new Random(3);
        List<double[]> prior = IntStream.range(0, 20_000)
                .mapToObj(_ -> new double[] {random.nextGaussian()})
                .toList();
        Particles<double[]> particles = new Particles<>(prior, double[]::clone, random);
        double noise = 0.5; // variance
        double[] observed = {1.4, 0.9, 1.6};

        for (double y : observed) {
            particles.observe(x -> Math.exp(-(y - x[0]) * (y - x[0]) / (2 * noise)));
        }

        double variance = 1 / (1 + 3 / noise);
        double mean = variance * (1.4 + 0.9 + 1.6) / noise;
        assertThat(particles.mean(x -> x[0])).isCloseTo(mean, within(0.02));
        assertThat(particles.mean(x -> (x[0] - mean) * (x[0] - mean))).isCloseTo(variance, within(0.01));
        assertThat(particles.sample(500).stream()
                        .mapToDouble(x -> x[0])
                        .average()
                        .orElseThrow())
                .isCloseTo(mean, within(0.03));
    }

    @Test
    void keepsWhatItKnewWhenNothingExplainsAnObservation() {
        Particles<double[]> particles =
                new Particles<>(List.of(new double[] {1}, new double[] {3}), double[]::clone, new Random(1));

        particles.observe(x -> 0);

        assertThat(particles.mean(x -> x[0])).isEqualTo(2);
    }
}
