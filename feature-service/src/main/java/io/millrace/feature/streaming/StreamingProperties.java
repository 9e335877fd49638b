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
 * @param maxStateSize how large what is known of one entity in one view may become, and twice as large as what one event may
 *     add to it; an event that needs more goes to the dead letters. Kafka must take records of this size
 * @param maxFuture how far an event's time may be after its arrival; one beyond goes to the dead letters and moves no window.
 *     app-service refuses such events at the door
 */
@ConfigurationProperties("millrace.feature.streaming")
record StreamingProperties(
        @DefaultValue("2") int threads,
        @DefaultValue("100ms") Duration commitInterval,
        @DefaultValue("32MB") DataSize cacheSize,
        @DefaultValue("5000") int expiriesPerSecond,
        @DefaultValue("512KB") DataSize maxStateSize,
        @DefaultValue("5m") Duration maxFuture) {

    StreamingProperties {
        if (threads < 1 || !commitInterval.isPositive() || expiriesPerSecond < 1) {
            throw new IllegalArgumentException("millrace.feature.streaming: threads, commit-interval"
                    + " and expiries-per-second must be positive");
        }
        if (maxFuture.isNegative()) {
            throw new IllegalArgumentException("millrace.feature.streaming.max-future is not negative");
        }
        if (maxStateSize.toBytes() < 1024 || maxStateSize.toBytes() > 960 << 10) {
            throw new IllegalArgumentException("millrace.feature.streaming.max-state-size is 1KB to 960KB");
        }
    }
}
