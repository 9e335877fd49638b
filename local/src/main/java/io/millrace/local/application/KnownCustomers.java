package io.millrace.local.application;

import io.millrace.wire.Event;
import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Customers who did something lately, found in the newest events. */
public final class KnownCustomers {

    private static final long EVENTS_PER_PARTITION = 1000;

    private KnownCustomers() {}

    /** Their ids, the most active first; none in a shop without events. */
    public static List<String> in(String kafkaBootstrap) {
        var activity = new HashMap<String, Integer>();
        Map<String, Object> settings = Map.of("bootstrap.servers", kafkaBootstrap, "enable.auto.commit", false);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.EVENTS).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            ends.forEach((partition, end) -> consumer.seek(partition, Math.max(0, end - EVENTS_PER_PARTITION)));
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofSeconds(1))) {
                    count(each.value(), activity);
                }
            }
        }
        return activity.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void count(byte[] bytes, Map<String, Integer> activity) {
        try {
            String customer = Event.CODEC.decode(bytes).entities().get("customer");
            if (customer != null) {
                activity.merge(customer, 1, Integer::sum);
            }
        } catch (MalformedMessageException _) {
            // the consumers of the topic report it; here it is only a customer less
        }
    }
}
