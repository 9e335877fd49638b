package io.millrace.feature.streaming;

import io.millrace.feature.FeatureException;
import io.millrace.wire.Event;
import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.springframework.kafka.core.ConsumerFactory;

/** Reads all events again, from the beginning to where the topic ends now. */
public final class EventReplay {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STALLED = Duration.ofSeconds(30);

    private final ConsumerFactory<byte[], byte[]> consumers;
    private final Duration maxFuture;

    /**
     * A replay that leaves out what the stream leaves out.
     *
     * @param maxFuture as the stream has it
     */
    EventReplay(ConsumerFactory<byte[], byte[]> consumers, Duration maxFuture) {
        this.consumers = consumers;
        this.maxFuture = maxFuture;
    }

    /** Takes one event of the replay. */
    @FunctionalInterface
    public interface Reader {

        /**
         * Called once for each event, in the order of each partition.
         *
         * @param sequence its place in the order of arrival
         */
        void read(Event event, long sequence);
    }

    /**
     * Hands over each event of the tenant; repeated and unreadable ones are left out, as in the stream.
     *
     * @throws FeatureException.EventsUnavailable if Kafka is away or stops answering
     */
    public void read(String tenant, Reader reader) {
        try (Consumer<byte[], byte[]> consumer = consumers.createConsumer("millrace-feature-replay", "")) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.EVENTS).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            read(consumer, ends, tenant, reader);
        } catch (KafkaException e) {
            throw new FeatureException.EventsUnavailable("the events cannot be read right now", e);
        }
    }

    private void read(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, String tenant, Reader reader) {
        SeenIds seen = new SeenIds();
        long progressNanos = System.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            var records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                progressNanos = System.nanoTime();
            } else if (System.nanoTime() - progressNanos > STALLED.toNanos()) {
                throw new FeatureException.EventsUnavailable("Kafka has stopped sending events", null);
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                long end = ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
                if (record.offset() < end && Tenants.of(record.headers()).equals(tenant)) {
                    read(record, seen, tenant, reader);
                }
            }
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record, SeenIds seen, String tenant, Reader reader) {
        try {
            Event event = Event.CODEC.decode(record.value() == null ? new byte[0] : record.value());
            if (!EventIds.isFromTheFuture(event, record.timestamp(), maxFuture)
                    && !seen.isRepeated(EventIds.hash(tenant, event.id()), record.timestamp())) {
                reader.read(event, EventIds.sequence(record.partition(), record.offset()));
            }
        } catch (MalformedMessageException e) {
            return; // the stream has put it into the dead letters
        }
    }
}
