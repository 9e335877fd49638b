package io.millrace.wire;

import java.util.Map;

/**
 * A topic as it is made where it is missing. One that is there stays as it is.
 *
 * @param partitioned whether it has as many partitions as are configured; if not it has one
 * @param settings Kafka's own topic settings
 */
public record TopicDeclaration(String name, boolean partitioned, Map<String, String> settings) {

    public TopicDeclaration {
        settings = Map.copyOf(settings);
    }
}
