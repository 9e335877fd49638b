package io.millrace.vector.ingestion;

import io.millrace.starter.loop.SupervisedLoop;
import io.millrace.starter.topic.TopicCreation;
import io.millrace.vector.collection.Collections;
import io.millrace.vector.collection.Generation;
import io.millrace.vector.collection.Generations;
import io.millrace.vector.engine.VectorException.InvalidPoint;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * The one thread that writes: reads every partition of the topic from where the indexes stand, refreshes them so that
 * points are searchable within a second, and commits them together with the positions. It belongs to no consumer group:
 * each replica has all points.
 */
final class PointsConsumer implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(PointsConsumer.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration RETIRE = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(8);

    private final ConsumerFactory<byte[], byte[]> consumers;
    private final TopicCreation topics;
    private final Collections collections;
    private final Generations generations;
    private final PointRecords records;
    private final DeadLetters deadLetters;
    private final IngestionMetrics metrics;
    private final InstantSource clock;
    private final UpkeepSchedule schedule;

    private final SupervisedLoop loop = new SupervisedLoop("points-consumer", this::run);
    private volatile Map<Integer, Long> searchable = Map.of();
    private volatile IngestionState state = new IngestionState.CatchingUp(0);
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private @Nullable Positions positions;
    private boolean caughtUpOnce;
    private long retiredNanos = System.nanoTime();
    private long oldestUnrefreshedMillis = Long.MAX_VALUE;

    PointsConsumer(
            ConsumerFactory<byte[], byte[]> consumers,
            TopicCreation topics,
            Collections collections,
            Generations generations,
            DeadLetters deadLetters,
            IngestionMetrics metrics,
            IngestionProperties properties,
            InstantSource clock) {
        this.consumers = consumers;
        this.topics = topics;
        this.collections = collections;
        this.generations = generations;
        this.records =
                new PointRecords(collections, generations, properties.unknownCollectionWait(), () -> !loop.isWanted());
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.clock = clock;
        this.schedule =
                new UpkeepSchedule(properties.refreshInterval(), properties.commitInterval(), System.nanoTime());
    }

    IngestionState state() {
        return state;
    }

    /** Whether searches see all that was in the topic before these offsets, by partition. */
    boolean hasMadeSearchable(Map<Integer, Long> ends) {
        Map<Integer, Long> reached = searchable;
        return ends.entrySet().stream().allMatch(end -> reached.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /** Lets the thread finish its record and commit. An interrupt could tear a file that Lucene is writing. */
    @Override
    public void stop() {
        loop.end();
        Consumer<byte[], byte[]> reading = current;
        if (reading != null) {
            reading.wakeup();
        }
        if (!loop.stopGently(STOP)) {
            log.atWarn().log("points are still being written, the last ones will be read again");
        }
    }

    private void run() throws InterruptedException {
        try {
            read();
        } catch (WakeupException e) {
            log.atDebug().log("reading points ends");
        } catch (InterruptedException | KafkaException e) {
            state = new IngestionState.BrokerAway(
                    String.valueOf(e.getMessage()),
                    caughtUpOnce || !indexMarks().isEmpty());
            throw e;
        } catch (RuntimeException e) {
            // Whatever it is, going on would lose points; after a restart they are read again.
            state = new IngestionState.Failed(String.valueOf(e.getMessage()));
            log.atError().setCause(e).log("points cannot be written any more, restart the service");
            positions = null;
            loop.end();
        }
        Positions read = positions;
        if (read != null && !loop.isWanted()) {
            generations.commit(read.marks());
        }
    }

    private void read() throws InterruptedException {
        while (!collections.awaitLoaded(PAUSE)) {
            if (!loop.isWanted()) {
                return;
            }
        }
        try (Consumer<byte[], byte[]> consumer = consumers.createConsumer()) {
            current = consumer;
            topics.ensure(Topics.DECLARED);
            consume(consumer, partitions(consumer));
        } finally {
            current = null;
        }
    }

    private static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
        List<PartitionInfo> partitions = consumer.partitionsFor(Topics.POINTS);
        if (partitions == null || partitions.isEmpty()) {
            throw new KafkaException("the broker does not know the topic yet");
        }
        return partitions.stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }

    private void consume(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
            throws InterruptedException {
        Positions at = positions == null ? Positions.resume(indexMarks()) : positions;
        positions = at;
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            Long next = at.next().get(partition.partition());
            if (next == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, next);
            }
            at.read(partition.partition(), consumer.position(partition));
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        log.atInfo()
                .addKeyValue("positions", at.next())
                .addKeyValue("ends", ends.values())
                .log("reading points");
        while (loop.isWanted()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(schedule.idle(System.nanoTime()))) {
                apply(record, at);
                if (!loop.isWanted()) {
                    return;
                }
            }
            upkeep(at);
            if (!(state instanceof IngestionState.CaughtUp)) {
                report(ends, consumer);
            }
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record, Positions at) throws InterruptedException {
        Outcome outcome;
        try {
            outcome = records.apply(record.key(), record.value(), at);
        } catch (InvalidPoint e) {
            deadLetters.keep(record, String.valueOf(e.getMessage()));
            outcome = Outcome.REFUSED;
        }
        at.read(record.partition(), record.offset() + 1);
        boolean changed = outcome == Outcome.UPSERTED || outcome == Outcome.DELETED;
        schedule.read(changed);
        if (changed) {
            oldestUnrefreshedMillis = Math.min(oldestUnrefreshedMillis, record.timestamp());
        }
        metrics.count(outcome);
    }

    private void upkeep(Positions at) {
        long start = System.nanoTime();
        if (schedule.refreshDue(start)) {
            forEachGeneration(generation -> generation.index().refresh());
            schedule.refreshed(start, System.nanoTime());
            if (state instanceof IngestionState.CaughtUp) {
                metrics.fresh(Duration.ofMillis(Math.max(0, clock.millis() - oldestUnrefreshedMillis)));
            }
            oldestUnrefreshedMillis = Long.MAX_VALUE;
        }
        if (start - retiredNanos > RETIRE.toNanos()) {
            generations.retireUnused();
            retiredNanos = start;
        }
        if (!schedule.isRefreshNeeded()) {
            searchable = Map.copyOf(at.next());
        }
        if (schedule.commitDue(System.nanoTime())) {
            generations.commit(at.marks());
            schedule.committed(System.nanoTime());
        }
    }

    private void report(Map<TopicPartition, Long> ends, Consumer<byte[], byte[]> consumer) {
        long behind = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            behind += Math.max(0, end.getValue() - consumer.position(end.getKey()));
        }
        if (behind > 0) {
            if (!caughtUpOnce) {
                state = new IngestionState.CatchingUp(behind);
            }
            return;
        }
        forEachGeneration(generation -> generation.index().refresh());
        caughtUpOnce = true;
        state = new IngestionState.CaughtUp();
        log.atInfo().log("points are caught up");
    }

    private void forEachGeneration(java.util.function.Consumer<Generation> action) {
        collections
                .all()
                .values()
                .forEach(definition -> generations.of(definition).forEach(action));
    }

    private List<Map<String, String>> indexMarks() {
        return collections.all().values().stream()
                .flatMap(definition -> generations.of(definition).stream())
                .map(generation -> generation.index().marks())
                .toList();
    }
}
