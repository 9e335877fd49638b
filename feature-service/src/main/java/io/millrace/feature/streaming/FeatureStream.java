package io.millrace.feature.streaming;

import io.millrace.feature.registry.Definitions;
import io.millrace.starter.loop.SupervisedLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.FileSystemUtils;

/**
 * Runs the stream of the definitions in use. Other definitions of a view mean another stream: it reads all events from the
 * beginning, and the rows of the old one stay until they are replaced. A stream that fails is started again.
 *
 * <p>Events, states and rows are one transaction of Kafka's (exactly once): after a crash either an event is in the states, its
 * row is out and its id is remembered, or none of it. An id that comes again within seven days is dropped; the sink may
 * apply a row twice, which changes nothing.
 */
final class FeatureStream implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(FeatureStream.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(8);

    private final Supplier<@Nullable Definitions> definitions;
    private final FeatureTopics topics;
    private final Map<String, Object> kafka;
    private final Path folder;
    private final StreamingProperties properties;
    private final StreamMetrics metrics;
    private final Semaphore changed = new Semaphore(0);
    private final SupervisedLoop supervisor = new SupervisedLoop("stream-supervisor", this::supervise);
    private volatile @Nullable Running running;

    /**
     * A stream that is not running yet.
     *
     * @param kafka where and how to connect
     * @param folder for the state, which may be lost: Kafka has it too
     */
    FeatureStream(
            Supplier<@Nullable Definitions> definitions,
            FeatureTopics topics,
            Map<String, Object> kafka,
            Path folder,
            StreamingProperties properties,
            StreamMetrics metrics) {
        this.definitions = definitions;
        this.topics = topics;
        this.kafka = kafka;
        this.folder = folder;
        this.properties = properties;
        this.metrics = metrics;
    }

    private record Running(String applicationId, KafkaStreams streams) {

        boolean isUp() {
            return streams.state().isRunningOrRebalancing() || streams.state() == KafkaStreams.State.CREATED;
        }
    }

    /** Looks at the definitions again. */
    void definitionsChanged() {
        changed.release();
    }

    /** Whether events are being turned into rows. */
    boolean isUp() {
        Running current = running;
        return current != null && current.streams().state() == KafkaStreams.State.RUNNING;
    }

    private void supervise() throws IOException, InterruptedException {
        Definitions wanted = definitions.get();
        if (wanted != null && !isUpWith(wanted)) {
            stopStream();
            startStream(wanted);
        }
        if (changed.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
            changed.drainPermits();
        }
    }

    private boolean isUpWith(Definitions wanted) {
        Running current = running;
        return current != null && current.applicationId().equals(applicationId(wanted)) && current.isUp();
    }

    private static String applicationId(Definitions definitions) {
        return FeatureTopics.APPLICATION + definitions.streamHash();
    }

    private void startStream(Definitions wanted) throws IOException, InterruptedException {
        topics.ensure();
        String applicationId = applicationId(wanted);
        removeStateOfOthers(applicationId);
        KafkaStreams streams = new KafkaStreams(
                FeatureTopology.of(wanted, metrics, properties, () -> new OriginalEvents(kafka)),
                new StreamsConfig(settings(applicationId)));
        streams.setUncaughtExceptionHandler(error -> {
            log.atError().setCause(error).log("stream failed; starting it again");
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        running = new Running(applicationId, streams);
        log.atInfo()
                .addKeyValue("application_id", applicationId)
                .addKeyValue("version", wanted.version())
                .log("stream started");
        topics.removeInternalOfOthers(applicationId);
    }

    private Map<String, Object> settings(String applicationId) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                properties.commitInterval().toMillis());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, properties.threads());
        settings.put(
                StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
                properties.cacheSize().toBytes());
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 2000);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 2000);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), 8 << 20);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 16L << 20);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 2 << 20); // of dead letters
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 64 << 10);
        return settings;
    }

    private void removeStateOfOthers(String applicationId) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var folders = Files.list(folder)) {
            List<Path> others = folders.filter(each -> !each.endsWith(applicationId)
                            && each.getFileName().toString().startsWith(FeatureTopics.APPLICATION))
                    .toList();
            for (Path other : others) {
                FileSystemUtils.deleteRecursively(other);
            }
        }
    }

    private synchronized void stopStream() {
        Running current = running;
        if (current != null) {
            running = null;
            current.streams()
                    .close(new KafkaStreams.CloseOptions().leaveGroup(true).timeout(CLOSE));
        }
    }

    @Override
    public void start() {
        supervisor.start();
    }

    @Override
    public void stop() {
        supervisor.stop(CLOSE);
        stopStream();
    }

    @Override
    public boolean isRunning() {
        return supervisor.isRunning();
    }
}
