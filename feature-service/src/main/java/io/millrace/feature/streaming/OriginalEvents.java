package io.millrace.feature.streaming;

import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads single records of the events topic again, for the dead letters. Not for several threads. */
final class OriginalEvents implements EventLookup {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<String, Object> settings;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;

    /**
     * One that connects when it is first asked.
     *
     * @param kafka how to connect
     */
    OriginalEvents(Map<String, Object> kafka) {
        this.settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    }

    @Override
    public Optional<ConsumerRecord<byte[], byte[]>> at(int partition, long offset) {
        KafkaConsumer<byte[], byte[]> opened = consumer;
        if (opened == null) {
            opened = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer = opened;
        }
        TopicPartition place = new TopicPartition(Topics.EVENTS, partition);
        opened.assign(List.of(place));
        opened.seek(place, offset);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (opened.position(place) <= offset) {
            for (ConsumerRecord<byte[], byte[]> record : opened.poll(POLL)) {
                return record.offset() == offset ? Optional.of(record) : Optional.empty();
            }
            if (System.nanoTime() - end > 0) {
                throw new KafkaException("an event for the dead letters cannot be read");
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
    }
}
