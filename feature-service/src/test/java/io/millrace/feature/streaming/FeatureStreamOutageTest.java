package io.millrace.feature.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.feature.registry.DefinitionsFixture;
import io.millrace.local.infra.FreePort;
import io.millrace.local.infra.KafkaBroker;
import io.millrace.starter.topic.TopicCreation;
import io.millrace.starter.topic.TopicProperties;
import io.millrace.wire.Event;
import io.millrace.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** A broker of its own, which goes and comes back. */
@Tag("faults")
class FeatureStreamOutageTest {

    @TempDir
    private Path folder;

    @Test
    void turnsEventsIntoRowsWithinTenSecondsOfKafkasReturn() throws Exception {
        int port = FreePort.any();
        int controller = FreePort.any();
        FeatureStream stream = stream("127.0.0.1:" + port);
        stream.start();
        try {
            // Long enough for attempts that fail, and each in its own way.
            await().pollDelay(Duration.ofSeconds(6)).until(stream::isRunning);
            assertThat(stream.isUp()).isFalse();

            try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"), port, controller, false)) {
                await().atMost(Duration.ofSeconds(10)).until(stream::isUp);
                assertRowFor("c1", broker);
            }
            await().pollDelay(Duration.ofSeconds(3)).until(stream::isRunning);
            try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"), port, controller, false)) {
                assertRowFor("c2", broker);
            }
        } finally {
            stream.stop();
        }
    }

    private FeatureStream stream(String bootstrap) {
        Map<String, Object> connection = Map.of("bootstrap.servers", bootstrap);
        return new FeatureStream(
                () -> DefinitionsFixture.parse("""
                        project: shop
                        entities:
                          - {name: customer, value_type: STRING}
                        feature_views:
                          - name: activity
                            entity: customer
                            features:
                              - {name: events, function: count, dtype: Int64}
                        """),
                new FeatureTopics(new TopicCreation(connection, new TopicProperties(2, (short) 1)), connection),
                connection,
                folder.resolve("streams"),
                new StreamingProperties(
                        1,
                        Duration.ofMillis(100),
                        DataSize.ofMegabytes(1),
                        100,
                        DataSize.ofKilobytes(512),
                        Duration.ofMinutes(5)),
                new StreamMetrics(new SimpleMeterRegistry()));
    }

    private static void assertRowFor(String customer, KafkaBroker broker) throws Exception {
        Event event =
                new Event(customer + "-1", "view", Instant.now(), Map.of("customer", customer), null, Map.of(), null);
        try (var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", broker.bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                broker.bootstrap(),
                                "group.id",
                                customer,
                                "auto.offset.reset",
                                "earliest",
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.EVENTS, event.key("default").getBytes(UTF_8), Event.CODEC.encode(event)))
                    .get();
            consumer.subscribe(List.of(Topics.FEATURE_ROWS));
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        for (var row : consumer.poll(Duration.ofMillis(200))) {
                            if (new String(row.key(), UTF_8).contains(customer)) {
                                return true;
                            }
                        }
                        return false;
                    });
        }
    }
}
