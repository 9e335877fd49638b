package io.millrace.feature.registry;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the definitions are kept.
 *
 * @param state the folder of the snapshot and of the stream's state
 * @param pollInterval how long a missed notice of new definitions can stay unnoticed
 */
@ConfigurationProperties("millrace.feature")
public record RegistryProperties(
        @DefaultValue(".millrace/feature") Path state,
        @DefaultValue("10s") Duration pollInterval) {

    public RegistryProperties {
        if (pollInterval.toMillis() < 1) {
            throw new IllegalArgumentException("millrace.feature.poll-interval must be at least 1ms");
        }
    }
}
