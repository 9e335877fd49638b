package io.millrace.feature.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.wire.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.springframework.kafka.core.KafkaOperations;

/** Keeps what could not be read: the original bytes and headers, and why and where. */
final class DeadLetters {

    private final KafkaOperations<byte[], byte[]> kafka;

    DeadLetters(KafkaOperations<byte[], byte[]> kafka) {
        this.kafka = kafka;
    }

    /** Keeps this record; returns when Kafka has it. */
    void keep(ConsumerRecord<byte[], byte[]> record, String reason) {
        Headers headers = new RecordHeaders(record.headers());
        explain(headers, reason, record.topic(), record.partition(), record.offset());
        kafka.send(new ProducerRecord<>(
                        Topics.deadLetters(record.topic()), null, record.key(), record.value(), headers))
                .join();
    }

    static void explain(Headers headers, String reason, String topic, int partition, long offset) {
        headers.add("millrace_reason", reason.getBytes(UTF_8));
        headers.add("millrace_source", (topic + "/" + partition + "/" + offset).getBytes(UTF_8));
    }
}
