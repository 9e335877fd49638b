package io.millrace.vector.ingestion;

import io.millrace.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.springframework.kafka.core.KafkaOperations;

/**
 * Keeps what was refused: the original key, value and headers, and the headers {@code dlq_reason}, {@code dlq_topic},
 * {@code dlq_partition} and {@code dlq_offset}.
 */
final class DeadLetters {

    private static final Duration WAIT = Duration.ofSeconds(15);

    private final KafkaOperations<byte[], byte[]> kafka;

    DeadLetters(KafkaOperations<byte[], byte[]> kafka) {
        this.kafka = kafka;
    }

    /** Returns when the broker has it; throws a {@link KafkaException} if it does not take it. */
    void keep(ConsumerRecord<byte[], byte[]> refused, String reason) throws InterruptedException {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(Topics.deadLetters(refused.topic()), refused.key(), refused.value());
        refused.headers().forEach(letter.headers()::add);
        header(letter, "dlq_reason", reason);
        header(letter, "dlq_topic", refused.topic());
        header(letter, "dlq_partition", Integer.toString(refused.partition()));
        header(letter, "dlq_offset", Long.toString(refused.offset()));
        try {
            kafka.send(letter).get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("a dead letter was not kept", e);
        }
    }

    private static void header(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
