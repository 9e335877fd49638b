package io.millrace.starter.topic;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How topics are made that are not there yet. Those that are there stay as they are: another number of partitions would
 * send a key elsewhere than before.
 *
 * @param partitions of each topic that has more than one
 * @param replication copies of each record; -1 is the broker's default
 */
@ConfigurationProperties("millrace.topics")
public record TopicProperties(
        @DefaultValue("12") int partitions,
        @DefaultValue("-1") short replication) {

    public TopicProperties {
        if (partitions < 1 || replication == 0 || replication < -1) {
            throw new IllegalArgumentException(
                    "millrace.topics: partitions are positive, replication is positive or -1 for the broker's default");
        }
    }
}
