package io.millrace.feature.streaming;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the stream runs.
 *
 * @param threads at most as many as the events topic has partitions
 * @param commitInterval how long a change waits, twice, on its way to a row
 * @param cacheSize how much changed state is held back until a commit; more only means more rows
 * @param expiriesPerSecond how many rows a partition may write again in a second because time has passed
 */
@ConfigurationProperties("millrace.feature.streaming")
record StreamingProperties(
        @DefaultValue("2") int threads,
        @DefaultValue("100ms") Duration commitInterval,
        @DefaultValue("32MB") DataSize cacheSize,
        @DefaultValue("5000") int expiriesPerSecond) {

    StreamingProperties {
        if (threads < 1 || !commitInterval.isPositive() || expiriesPerSecond < 1) {
            throw new IllegalArgumentException("millrace.feature.streaming: threads, commit-interval"
                    + " and expiries-per-second must be positive");
        }
    }
}
