package io.millrace.storefront.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CalibrationTest {

    @Test
    void scoresThatAreTooHighByATenthAreATenthAway() {
        Calibration calibration = new Calibration();
        for (int i = 0; i < 100; i++) {
            calibration.add(0.1 + 0.005 * i, 0.005 * i);
        }
        assertThat(calibration.error()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void whatIsRightOnAverageWithinAGroupIsNoError() {
        Calibration calibration = new Calibration();
        for (int i = 0; i < 100; i++) {
            calibration.add(0.5, i % 2 == 0 ? 0.4 : 0.6);
        }
        assertThat(calibration.error()).isCloseTo(0, within(1e-9));
    }
}
