package io.millrace.app.application;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param state the folder of the copy of the applications
 * @param pollInterval how long until a version is known here whose announcement was lost
 * @param warmUpPredictions how many predictions are made with each new version
 */
@ConfigurationProperties("millrace.app")
record ApplicationProperties(
        @DefaultValue(".millrace/app") Path state,
        @DefaultValue("10s") Duration pollInterval,
        @DefaultValue("20") int warmUpPredictions) {

    ApplicationProperties {
        if (!pollInterval.isPositive() || warmUpPredictions < 0) {
            throw new IllegalArgumentException(
                    "millrace.app: poll-interval must be positive and warm-up-predictions not negative");
        }
    }
}
