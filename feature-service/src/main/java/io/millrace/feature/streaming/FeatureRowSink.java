package io.millrace.feature.streaming;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.feature.online.OnlineStore;
import io.millrace.feature.online.OnlineStore.MadeRow;
import io.millrace.starter.loop.SupervisedLoop;
import io.millrace.wire.FeatureRow;
import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * Brings feature rows into the online store. Its positions are in the store, not in Kafka: a store that has lost its data,
 * or the newest of it, is noticed within a second and filled again from where it is.
 */
final class FeatureRowSink implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(FeatureRowSink.class);
    private static final String GROUP = "millrace-feature-sink";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();

    private final ConsumerFactory<byte[], byte[]> consumers;
    private final OnlineStore store;
    private final DeadLetters deadLetters;
    private final StreamMetrics metrics;
    private final SupervisedLoop loop = new SupervisedLoop("feature-row-sink", this::consume);
    private OnlineStore.Positions positions = new OnlineStore.Positions("", Map.of());
    private long checkedNanos;

    FeatureRowSink(
            ConsumerFactory<byte[], byte[]> consumers,
            OnlineStore store,
            DeadLetters deadLetters,
            StreamMetrics metrics) {
        this.consumers = consumers;
        this.store = store;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
    }

    private void consume() {
        try (Consumer<byte[], byte[]> consumer = consumers.createConsumer(GROUP, "")) {
            consumer.subscribe(List.of(Topics.FEATURE_ROWS), new SeekToStore(consumer));
            while (loop.isWanted()) {
                if (!hasAllAfter(consumer.poll(POLL))) {
                    log.atWarn().log("online store has lost data; filling it again");
                    metrics.replays.increment();
                    seek(consumer, consumer.assignment());
                }
                if (!consumer.assignment().isEmpty()) {
                    loop.worked();
                }
            }
        }
    }

    private boolean hasAllAfter(ConsumerRecords<byte[], byte[]> records) {
        if (!records.isEmpty()) {
            List<MadeRow> rows = newestByKey(records);
            int applied = store.apply(rows);
            metrics.rowsApplied.increment(applied);
            metrics.rowsOlder.increment(rows.size() - applied);
            Map<Integer, Long> next = new HashMap<>();
            records.nextOffsets().forEach((partition, offset) -> next.put(partition.partition(), offset.offset()));
            boolean advanced = store.advance(positions, next);
            positions = positions.and(next);
            return advanced;
        }
        long now = System.nanoTime();
        if (positions.epoch().isEmpty() || now - checkedNanos < CHECK_NANOS) {
            return true;
        }
        checkedNanos = now;
        return store.isAt(positions);
    }

    /** Of several rows with one key only the one that the store would end up with. */
    private List<MadeRow> newestByKey(ConsumerRecords<byte[], byte[]> records) {
        Map<ByteBuffer, MadeRow> rows = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.value() == null) {
                continue;
            }
            if (record.key() == null) {
                metrics.rowsUnreadable.increment();
                deadLetters.keep(record, "a feature row without a key");
                continue;
            }
            try {
                rows.merge(
                        ByteBuffer.wrap(record.key()),
                        new MadeRow(FeatureRow.CODEC.decode(record.value()), definition(record)),
                        FeatureRowSink::later);
            } catch (MalformedMessageException e) {
                metrics.rowsUnreadable.increment();
                deadLetters.keep(record, String.valueOf(e.getMessage()));
            }
        }
        return List.copyOf(rows.values());
    }

    private static MadeRow later(MadeRow before, MadeRow next) {
        return next.definition().equals(before.definition())
                        && next.row().eventTime().isBefore(before.row().eventTime())
                ? before
                : next;
    }

    private static String definition(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(FeatureRow.DEFINITION);
        return header == null || header.value() == null ? "" : new String(header.value(), US_ASCII);
    }

    private void seek(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        positions = store.positions();
        for (TopicPartition partition : partitions) {
            consumer.seek(partition, positions.offsets().getOrDefault(partition.partition(), 0L));
        }
    }

    private final class SeekToStore implements ConsumerRebalanceListener {

        private final Consumer<byte[], byte[]> consumer;

        SeekToStore(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            seek(consumer, partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // The positions are in the store already.
        }
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop(STOP);
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }
}
