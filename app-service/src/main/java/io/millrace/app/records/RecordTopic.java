package io.millrace.app.records;

import io.millrace.wire.CloudEventHeaders;
import io.millrace.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;

/** Puts records on their topic. */
final class RecordTopic {

    private static final String TYPE = "io.millrace.prediction";
    private static final String SOURCE = "app-service";

    private final KafkaTemplate<String, byte[]> kafka;

    RecordTopic(KafkaTemplate<String, byte[]> kafka) {
        this.kafka = kafka;
    }

    /**
     * Sends these in order. The result completes when all replicas have all of them, and fails if one was not taken.
     *
     * @throws org.springframework.kafka.KafkaException or a {@link KafkaException} if one cannot even be sent
     */
    CompletableFuture<Void> send(List<Envelope> records) {
        return CompletableFuture.allOf(
                records.stream().map(record -> kafka.send(message(record))).toArray(CompletableFuture[]::new));
    }

    private static ProducerRecord<String, byte[]> message(Envelope record) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(Topics.PREDICTIONS, record.key(), record.value());
        CloudEventHeaders.of(record.id(), TYPE, SOURCE, record.time(), record.tenant())
                .forEach(message.headers()::add);
        return message;
    }

    /** Keeps a message that is no record: its key, value and headers, and why it was refused. */
    CompletableFuture<?> refuse(ConsumerRecord<String, byte[]> message, String reason) {
        ProducerRecord<String, byte[]> letter =
                new ProducerRecord<>(Topics.deadLetters(message.topic()), message.key(), message.value());
        message.headers().forEach(letter.headers()::add);
        letter.headers().add("dlq_reason", reason.getBytes(StandardCharsets.UTF_8));
        return kafka.send(letter);
    }
}
