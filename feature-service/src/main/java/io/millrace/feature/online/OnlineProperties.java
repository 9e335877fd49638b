package io.millrace.feature.online;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long Redis may take, and how much may wait for it.
 *
 * @param readTimeout for all reads of one request together
 * @param writeTimeout for a pipeline of writes
 * @param maxCommandsInFlight how many commands of the readers, and as many of the writer, may wait for an answer; more fail
 *     at once
 * @param silence after how long without any answer a connection is given up and made anew
 */
@ConfigurationProperties("millrace.feature.online")
record OnlineProperties(
        @DefaultValue("50ms") Duration readTimeout,
        @DefaultValue("5s") Duration writeTimeout,
        @DefaultValue("10000") int maxCommandsInFlight,
        @DefaultValue("3s") Duration silence) {

    OnlineProperties {
        if (!readTimeout.isPositive() || !writeTimeout.isPositive() || !silence.isPositive()) {
            throw new IllegalArgumentException("millrace.feature.online: timeouts must be positive");
        }
        if (maxCommandsInFlight < OnlineStore.PIPELINE) {
            throw new IllegalArgumentException(
                    "millrace.feature.online.max-commands-in-flight is at least " + OnlineStore.PIPELINE);
        }
    }
}
