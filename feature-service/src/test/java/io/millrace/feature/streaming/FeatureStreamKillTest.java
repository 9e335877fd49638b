package io.millrace.feature.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import feast.proto.types.Value;
import io.millrace.local.infra.FreePort;
import io.millrace.local.infra.KafkaBroker;
import io.millrace.wire.Event;
import io.millrace.wire.FeatureRow;
import io.millrace.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the stream's process in the middle of its work, again and again. */
@Tag("faults")
class FeatureStreamKillTest {

    private static final int CUSTOMERS = 20;
    private static final int EVENTS = 4000;

    @TempDir
    private Path folder;

    private final Map<String, FeatureRow> rows = new HashMap<>();
    private final Map<String, Long> newest = new HashMap<>();

    @Test
    void eachEventIsInTheRowsExactlyOnceHoweverOftenItIsSentAndTheStreamIsKilled() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"), FreePort.any(), FreePort.any(), false);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", broker.bootstrap(),
                                "group.id", "test",
                                "auto.offset.reset", "earliest",
                                "isolation.level", "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            Process stream = start(broker);
            try {
                int killed = 0;
                int sent = 0;
                while (sent < EVENTS) {
                    for (int i = 0; i < EVENTS / 8; i++, sent++) {
                        send(producer, sent);
                        send(producer, sent - sent % 7); // one that was there before, or this one again
                    }
                    producer.flush();
                    int before = seen();
                    consumer.subscribe(List.of(Topics.FEATURE_ROWS));
                    await().atMost(Duration.ofSeconds(60))
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> {
                                read(consumer);
                                return seen() > before;
                            });
                    if (sent < EVENTS) {
                        stream.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
                        killed++;
                        stream = start(broker);
                    }
                }
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> {
                            read(consumer);
                            return seen() >= EVENTS;
                        });
                assertThat(killed).isEqualTo(7);
            } finally {
                stream.destroyForcibly();
            }
        }
        for (int customer = 0; customer < CUSTOMERS; customer++) {
            FeatureRow row = Objects.requireNonNull(rows.get("c" + customer));
            assertThat(number(row, "events")).isEqualTo(EVENTS / CUSTOMERS);
            long amounts = 0;
            for (int i = customer; i < EVENTS; i += CUSTOMERS) {
                amounts += i;
            }
            assertThat(number(row, "value")).isEqualTo(amounts);
        }
        assertThat(newest).as("a count never goes back").hasSize(CUSTOMERS);
    }

    private Process start(KafkaBroker broker) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamProcess.class.getName(),
                        broker.bootstrap(),
                        folder.resolve("streams").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("stream.log").toFile())
                .start();
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, int i) {
        Event event = new Event(
                "e" + i,
                "buy",
                Instant.parse("2026-11-23T12:00:00Z").plusMillis(i),
                Map.of("customer", "c" + i % CUSTOMERS),
                null,
                Map.of("amount", (long) i),
                null);
        producer.send(
                new ProducerRecord<>(Topics.EVENTS, event.key("default").getBytes(UTF_8), Event.CODEC.encode(event)));
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer) throws Exception {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
            FeatureRow row = FeatureRow.CODEC.decode(record.value());
            long count = number(row, "events");
            Long before = newest.put(row.entityId(), count);
            assertThat(count).as("a row goes back").isGreaterThanOrEqualTo(before == null ? 0 : before);
            rows.put(row.entityId(), row);
        }
    }

    private int seen() {
        return newest.values().stream().mapToInt(Long::intValue).sum();
    }

    private static long number(FeatureRow row, String feature) throws Exception {
        return Value.parseFrom(row.values().get(feature)).getInt64Val();
    }
}
