package io.millrace.vector.ingestion;

import io.millrace.vector.engine.VectorException.Unavailable;
import io.millrace.wire.CloudEventHeaders;
import io.millrace.wire.Point;
import io.millrace.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.KafkaOperations;

/** Puts points on their topic, from where every replica has them, and returns when all of its replicas have them. */
public final class PointPublisher {

    private static final String SOURCE = "vector-service";
    private static final Duration WAIT = Duration.ofSeconds(12);

    private final KafkaOperations<byte[], byte[]> kafka;

    PointPublisher(KafkaOperations<byte[], byte[]> kafka) {
        this.kafka = kafka;
    }

    /**
     * Adds or replaces points of a tenant.
     *
     * @throws Unavailable if not every one is known to be kept
     */
    public void upsert(String tenant, List<Point> points, Instant now) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Point point : points) {
            records.add(record(point.key(tenant), "upserted", now, Point.CODEC.encode(point)));
        }
        send(records);
    }

    /**
     * Deletes points.
     *
     * @throws Unavailable if not every one is known to be deleted
     */
    public void delete(List<Point.Key> points, Instant now) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Point.Key point : points) {
            records.add(record(point, "deleted", now, null));
        }
        send(records);
    }

    private static ProducerRecord<byte[], byte[]> record(
            Point.Key key, String what, Instant now, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.POINTS, key.toString().getBytes(StandardCharsets.UTF_8), value);
        CloudEventHeaders.of(key.id(), "io.millrace.point." + what, SOURCE, now, key.tenant())
                .forEach(record.headers()::add);
        return record;
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) {
        try {
            CompletableFuture.allOf(records.stream().map(kafka::send).toArray(CompletableFuture[]::new))
                    .get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException | org.springframework.kafka.KafkaException e) {
            throw new Unavailable("Kafka did not acknowledge the points; send the same again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while Kafka was asked to keep the points", e);
        }
    }
}
