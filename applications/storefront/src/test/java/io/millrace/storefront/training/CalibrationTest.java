package io.millrace.storefront.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {

    @Test
    void findsTheSlopeAndLevelThatMadeTheLabels() {
        Random random = new Random(1);
        float[] z = new float[50_000];
        float[] labels = new float[z.length];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) (3 * random.nextGaussian());
            labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-(0.7 * z[i] - 3))) ? 1 : 0;
        }

        Calibration calibration = Calibration.fit(z, labels);

        assertThat(calibration.slope()).isCloseTo(0.7, within(0.03));
        assertThat(calibration.level()).isCloseTo(-3, within(0.1));
    }

    @Test
    void whatIsKnownToLowerTheOddsIsNoPartOfTheProbability() {
        Random random = new Random(1);
        float[] z = new float[50_000];
        float[] labels = new float[z.length];
        float[] offsets = new float[z.length];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) random.nextGaussian();
            offsets[i] = i % 2 == 0 ? 0 : -2;
            labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-(z[i] - 1 + offsets[i]))) ? 1 : 0;
        }

        assertThat(Calibration.fit(z, labels, offsets).probability(0)).isCloseTo(1 / (1 + Math.E), within(0.01));
    }
}
