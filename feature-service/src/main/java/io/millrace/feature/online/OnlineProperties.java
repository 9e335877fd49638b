package io.millrace.feature.online;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long Redis may take.
 *
 * @param readTimeout for all reads of one request together
 * @param writeTimeout for a pipeline of writes
 */
@ConfigurationProperties("millrace.feature.online")
record OnlineProperties(
        @DefaultValue("50ms") Duration readTimeout,
        @DefaultValue("5s") Duration writeTimeout) {

    OnlineProperties {
        if (!readTimeout.isPositive() || !writeTimeout.isPositive()) {
            throw new IllegalArgumentException("millrace.feature.online: timeouts must be positive");
        }
    }
}
