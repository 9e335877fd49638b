package io.millrace.app.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.app.records.RecordMetrics.Outcome;
import io.millrace.wire.CloudEventHeaders;
import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.PredictionRecord;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.transaction.TransactionException;

/**
 * Brings records from Kafka to Postgres. An offset is committed when Postgres has what is before it; with Postgres away
 * the records wait in Kafka. The replicas share the partitions.
 */
final class RecordReader implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RecordReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(5);

    /** Records come in batches, half a second apart at most: a poll and a commit for each cost more than the insert. */
    private static final Map<String, String> BATCHES =
            Map.of(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "262144", ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "500");

    private final ConsumerFactory<String, byte[]> consumers;
    private final String group;
    private final RecordStore store;
    private final RecordTopic topic;
    private final RecordMetrics metrics;

    private volatile boolean running;
    private volatile @Nullable Consumer<String, byte[]> current;
    private @Nullable Thread thread;
    private boolean told;

    RecordReader(
            ConsumerFactory<String, byte[]> consumers,
            String group,
            RecordStore store,
            RecordTopic topic,
            RecordMetrics metrics) {
        this.consumers = consumers;
        this.group = group;
        this.store = store;
        this.topic = topic;
        this.metrics = metrics;
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().daemon().name("record-reader").start(this::run);
    }

    private void run() {
        var batches = new Properties();
        batches.putAll(BATCHES);
        while (running) {
            try (Consumer<String, byte[]> consumer = consumers.createConsumer(group, null, null, batches)) {
                current = consumer;
                consumer.subscribe(List.of(Topics.PREDICTIONS));
                while (running) {
                    read(consumer);
                }
            } catch (WakeupException e) {
                log.atDebug().log("reading records ends");
            } catch (KafkaException e) {
                tell("records cannot be read from Kafka", e);
                pause();
            } finally {
                current = null;
            }
        }
    }

    private void read(Consumer<String, byte[]> consumer) {
        ConsumerRecords<String, byte[]> messages = consumer.poll(POLL);
        if (messages.isEmpty()) {
            return;
        }
        try {
            store.add(rows(messages));
            consumer.commitSync();
            metrics.count(Outcome.STORED, messages.count());
            told = false;
        } catch (DataAccessException | TransactionException | ExecutionException e) {
            tell("records wait in Kafka until they can be stored", e);
            for (TopicPartition partition : messages.partitions()) {
                consumer.seek(partition, messages.records(partition).getFirst().offset());
            }
            pause();
        } catch (InterruptedException e) {
            throw new WakeupException();
        }
    }

    private List<RecordStore.Row> rows(ConsumerRecords<String, byte[]> messages)
            throws ExecutionException, InterruptedException {
        List<RecordStore.Row> rows = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> message : messages) {
            try {
                PredictionRecord record = PredictionRecord.CODEC.decode(message.value());
                rows.add(new RecordStore.Row(tenant(message), record.id(), record.time(), message.value()));
            } catch (MalformedMessageException e) {
                topic.refuse(message, String.valueOf(e.getMessage())).get();
                metrics.count(Outcome.REFUSED, 1);
            }
        }
        return rows;
    }

    private static String tenant(ConsumerRecord<String, byte[]> message) {
        Header header = message.headers().lastHeader(CloudEventHeaders.TENANT);
        return header == null ? "default" : new String(header.value(), UTF_8);
    }

    private void tell(String what, Exception cause) {
        if (!told) {
            log.atWarn().addKeyValue("reason", cause.getMessage()).log(what);
        }
        told = true;
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    @Override
    public void stop() {
        running = false;
        Consumer<String, byte[]> reading = current;
        if (reading != null) {
            reading.wakeup();
        }
        try {
            if (thread != null && !thread.join(STOP)) {
                log.atWarn().log("records are still being stored, the last ones will be read again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
