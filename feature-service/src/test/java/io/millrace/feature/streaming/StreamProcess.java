package io.millrace.feature.streaming;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.feature.registry.DefinitionsFixture;
import io.millrace.starter.topic.TopicCreation;
import io.millrace.starter.topic.TopicProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/** The stream as a process, for tests that kill it. */
final class StreamProcess {

    static final String DEFINITIONS = """
            project: shop
            entities:
              - {name: customer, value_type: STRING}
            feature_views:
              - name: activity
                entity: customer
                features:
                  - {name: events, function: count, dtype: Int64}
                  - {name: value, function: sum, column: value.amount, dtype: Int64}
            """;

    private StreamProcess() {}

    /** Runs until it is killed; the arguments are the broker and the folder of the state. */
    public static void main(String[] args) throws IOException {
        stream(args[0], Path.of(args[1])).start();
        System.exit(System.in.read() < 0 ? 0 : 1); // at the latest with the parent
    }

    static FeatureStream stream(String bootstrap, Path folder) {
        Map<String, Object> connection = Map.of("bootstrap.servers", bootstrap);
        return new FeatureStream(
                () -> DefinitionsFixture.parse(DEFINITIONS),
                new FeatureTopics(new TopicCreation(connection, new TopicProperties(2, (short) 1)), connection),
                connection,
                folder,
                new StreamingProperties(
                        1,
                        Duration.ofMillis(100),
                        DataSize.ofMegabytes(1),
                        100,
                        DataSize.ofKilobytes(512),
                        Duration.ofMinutes(5)),
                new StreamMetrics(new SimpleMeterRegistry()));
    }
}
