package io.millrace.storefront.stream;

import io.millrace.wire.CloudEventHeaders;
import io.millrace.wire.Point;
import io.millrace.wire.Topics;
import io.millrace.wire.UuidV7;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Vectors on their way to the vector service. */
public final class PointTopic {

    private static final String TENANT = "default";
    private static final String TYPE = "io.millrace.point";
    private static final String SOURCE = "storefront-trainer";

    private PointTopic() {}

    /**
     * Sends points and waits until Kafka has them all.
     *
     * @throws IllegalStateException when Kafka does not take one
     */
    public static void write(String bootstrapServers, List<Point> points, Instant now) throws InterruptedException {
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties(bootstrapServers), new StringSerializer(), new ByteArraySerializer())) {
            List<? extends Future<?>> sent = points.stream()
                    .map(point -> producer.send(message(point, now)))
                    .toList();
            producer.flush();
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take the item vectors: " + e.getMessage(), e);
        }
    }

    private static ProducerRecord<String, byte[]> message(Point point, Instant now) {
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(Topics.POINTS, point.key(TENANT).toString(), Point.CODEC.encode(point));
        String id = UuidV7.at(now.toEpochMilli()).toString();
        CloudEventHeaders.of(id, TYPE, SOURCE, now, TENANT).forEach(message.headers()::add);
        return message;
    }

    private static Properties properties(String bootstrapServers) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "20");
        return properties;
    }
}
