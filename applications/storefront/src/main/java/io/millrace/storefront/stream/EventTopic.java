package io.millrace.storefront.stream;

import io.millrace.storefront.training.InteractionLog;
import io.millrace.wire.Event;
import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All events so far. */
public final class EventTopic {

    private static final Duration WAIT = Duration.ofMillis(500);

    private EventTopic() {}

    /** Where the topic ends now: the next offset of each partition. */
    public static Map<Integer, Long> ends(String bootstrapServers) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
            return ends(consumer);
        }
    }

    /**
     * Reads the topic from its beginning; what is not an event is counted and left out.
     *
     * @param ends by partition, the offset to stop before
     */
    public static InteractionLog read(String bootstrapServers, Map<Integer, Long> ends, Consumer<String> progress) {
        InteractionLog.Builder log = new InteractionLog.Builder();
        forEach(bootstrapServers, ends, progress, log::add);
        return log.build();
    }

    /** All events in the order of time, a repeated id once. */
    public static List<Event> events(String bootstrapServers, Consumer<String> progress) {
        Map<String, Event> events = new LinkedHashMap<>();
        forEach(bootstrapServers, ends(bootstrapServers), progress, event -> events.putIfAbsent(event.id(), event));
        return events.values().stream()
                .sorted(Comparator.comparing(Event::time))
                .toList();
    }

    private static void forEach(
            String bootstrapServers, Map<Integer, Long> ends, Consumer<String> progress, Consumer<Event> each) {
        int unreadable = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
            List<TopicPartition> partitions = ends.keySet().stream()
                    .map(partition -> new TopicPartition(Topics.EVENTS, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream()
                    .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one.partition(), 0L))) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(WAIT)) {
                    if (message.offset() < ends.getOrDefault(message.partition(), 0L)) {
                        try {
                            each.accept(Event.CODEC.decode(message.value()));
                        } catch (MalformedMessageException e) {
                            unreadable++;
                        }
                    }
                }
            }
        }
        if (unreadable > 0) {
            progress.accept("%d messages are not events".formatted(unreadable));
        }
    }

    private static Map<Integer, Long> ends(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.EVENTS).stream()
                .map(one -> new TopicPartition(one.topic(), one.partition()))
                .toList();
        Map<Integer, Long> ends = new TreeMap<>();
        consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
        return ends;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                properties(bootstrapServers), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Properties properties(String bootstrapServers) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
        return properties;
    }
}
