package io.millrace.vector.ingestion;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import feast.proto.types.Value;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.starter.loop.SupervisedLoop;
import io.millrace.vector.VectorMeter;
import io.millrace.vector.collection.CollectionDefinition;
import io.millrace.vector.collection.CollectionDefinition.Embed;
import io.millrace.vector.collection.CollectionId;
import io.millrace.vector.collection.Collections;
import io.millrace.vector.collection.Generations;
import io.millrace.vector.embedding.EmbeddingModels;
import io.millrace.vector.embedding.EmbeddingModels.Entity;
import io.millrace.vector.embedding.EmbeddingModels.Version;
import io.millrace.vector.engine.PayloadType;
import io.millrace.vector.engine.VectorException.InvalidPoint;
import io.millrace.wire.CloudEventHeaders;
import io.millrace.wire.FeatureRow;
import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.Point;
import io.millrace.wire.Topics;
import io.millrace.wire.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaOperations;

/**
 * Gives new entities their points: reads the feature rows of the views that collections embed, and for an entity without a
 * point in the generation of the model's space asks the model and publishes one to the points topic, from where every
 * replica has it. Offsets are committed after Kafka has the points, so nothing is lost while a neighbour is away.
 *
 * <p>A point made here has a version below 0, the row's event time; one that a trainer published has 0 or more and is never
 * replaced. The trainer publishes its points before its model, so whoever has seen a model and then all that is in the
 * points topic knows which entities it left out. A new version of a model means another space, for which all rows are read
 * again from the beginning; the offsets carry for which versions they hold.
 */
final class RowEmbedder implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RowEmbedder.class);
    private static final String GROUP = "millrace-vector-embedder";
    private static final String TYPE = "io.millrace.point";
    private static final String SOURCE = "vector-service";
    private static final long OLDEST = Long.MIN_VALUE / 2;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(8);

    private final ConsumerFactory<byte[], byte[]> consumers;
    private final KafkaOperations<byte[], byte[]> kafka;
    private final Collections collections;
    private final Generations generations;
    private final EmbeddingModels models;
    private final PointsConsumer points;
    private final DeadLetters deadLetters;
    private final InstantSource clock;
    private final int maxBatch;
    private final Counter embedded;
    private final Counter known;
    private final Counter refused;
    private final SupervisedLoop loop = new SupervisedLoop("row-embedder", this::run);
    private final Set<String> unfit = new HashSet<>();

    RowEmbedder(
            ConsumerFactory<byte[], byte[]> consumers,
            KafkaOperations<byte[], byte[]> kafka,
            Collections collections,
            Generations generations,
            EmbeddingModels models,
            PointsConsumer points,
            DeadLetters deadLetters,
            int maxBatch,
            MeterRegistry meters,
            InstantSource clock) {
        this.consumers = consumers;
        this.kafka = kafka;
        this.collections = collections;
        this.generations = generations;
        this.models = models;
        this.points = points;
        this.deadLetters = deadLetters;
        this.maxBatch = maxBatch;
        this.clock = clock;
        this.embedded = counter(meters, "embedded");
        this.known = counter(meters, "known");
        this.refused = counter(meters, "refused");
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder(VectorMeter.EMBEDDED.meterName())
                .description(VectorMeter.EMBEDDED.description())
                .tag("outcome", outcome)
                .register(meters);
    }

    /** A collection that embeds, and the version of its model that answers now. */
    private record Target(CollectionDefinition collection, Embed embed, Version version) {

        String fingerprint() {
            return collection.id() + " " + embed.view() + " " + embed.model() + " " + version.embeddingSpace();
        }
    }

    /** A row and where it came from. */
    private record Pending(ConsumerRecord<byte[], byte[]> record, FeatureRow row, String id) {

        long version() {
            return OLDEST + ChronoUnit.MICROS.between(Instant.EPOCH, row.eventTime());
        }
    }

    private void run() throws InterruptedException {
        Map<CollectionId, Target> targets = targets();
        if (targets.isEmpty()) {
            loop.sleep(LOOK_AGAIN);
            return;
        }
        Properties settings = new Properties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try (Consumer<byte[], byte[]> consumer = consumers.createConsumer(GROUP, null, null, settings)) {
            awaitPublishedPoints(consumer);
            String fingerprint = fingerprint(targets);
            consumer.subscribe(List.of(Topics.FEATURE_ROWS), new SeekToUnread(consumer, fingerprint));
            consume(consumer, targets, fingerprint);
        }
    }

    private Map<CollectionId, Target> targets() {
        Map<CollectionId, Target> targets = new TreeMap<>(Comparator.comparing(CollectionId::toString));
        collections
                .all()
                .forEach((id, definition) -> definition
                        .embed()
                        .ifPresent(embed -> version(embed)
                                .ifPresent(version -> targets.put(id, new Target(definition, embed, version)))));
        return targets;
    }

    private Optional<Version> version(Embed embed) {
        try {
            Optional<Version> version = models.version(embed.model());
            unfit.remove(embed.model());
            return version;
        } catch (IllegalArgumentException e) {
            if (unfit.add(embed.model())) {
                log.atWarn()
                        .addKeyValue("model", embed.model())
                        .addKeyValue("cause", e.getMessage())
                        .log("model cannot embed; new entities get no points");
            }
            return Optional.empty();
        }
    }

    /** Which rows have been looked at, by what: the same again need not look at them again. */
    private static String fingerprint(Map<CollectionId, Target> targets) {
        StringBuilder all = new StringBuilder();
        targets.values().forEach(target -> all.append(target.fingerprint()).append('\n'));
        return UUID.nameUUIDFromBytes(all.toString().getBytes(UTF_8)).toString();
    }

    private void awaitPublishedPoints(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.POINTS).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        Map<Integer, Long> ends = new HashMap<>();
        consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (loop.isWanted() && !points.hasMadeSearchable(ends)) {
            if (System.nanoTime() - end > 0) {
                throw new KafkaException("the points that are published already are not read yet");
            }
            loop.sleep(POLL);
        }
    }

    private void consume(Consumer<byte[], byte[]> consumer, Map<CollectionId, Target> targets, String fingerprint)
            throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
        long lookedNanos = System.nanoTime();
        while (loop.isWanted()) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            embed(records, targets.values());
            records.nextOffsets()
                    .forEach((partition, next) ->
                            uncommitted.put(partition, new OffsetAndMetadata(next.offset(), fingerprint)));
            uncommitted.keySet().retainAll(consumer.assignment());
            boolean look = System.nanoTime() - lookedNanos > LOOK_AGAIN.toNanos();
            if (!uncommitted.isEmpty() && (records.isEmpty() || look)) {
                consumer.commitSync(uncommitted);
                uncommitted.clear();
            }
            if (!consumer.assignment().isEmpty()) {
                loop.worked();
            }
            if (look) {
                lookedNanos = System.nanoTime();
                if (haveChanged(targets)) {
                    return;
                }
            }
        }
    }

    private boolean haveChanged(Map<CollectionId, Target> targets) {
        try {
            return !targets().equals(targets);
        } catch (StatusRuntimeException e) {
            return false; // inference-service is away: that matters when there is something to embed
        }
    }

    private void embed(ConsumerRecords<byte[], byte[]> records, Collection<Target> targets)
            throws InterruptedException {
        Map<Target, Map<String, Pending>> pending = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String view = record.key() == null ? "" : FeatureRow.featureView(record.key());
            for (Target target : targets) {
                if (record.value() != null && target.embed().view().equals(view)) {
                    read(record)
                            .ifPresent(row -> pending.computeIfAbsent(target, _ -> new LinkedHashMap<>())
                                    .put(row.id(), row));
                }
            }
        }
        for (Map.Entry<Target, Map<String, Pending>> each : pending.entrySet()) {
            Target target = each.getKey();
            List<Pending> unknown = each.getValue().values().stream()
                    .filter(row -> !isKnown(target, row))
                    .toList();
            known.increment(each.getValue().size() - unknown.size());
            for (int from = 0; from < unknown.size(); from += maxBatch) {
                embed(target, unknown.subList(from, Math.min(unknown.size(), from + maxBatch)));
            }
        }
    }

    private Optional<Pending> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            FeatureRow row = FeatureRow.CODEC.decode(record.value());
            return Optional.of(new Pending(record, row, row.entityId()));
        } catch (MalformedMessageException e) {
            refused.increment(); // feature-service, whose rows they are, has put it into the dead letters
            return Optional.empty();
        }
    }

    private boolean isKnown(Target target, Pending row) {
        return generations
                .find(target.collection(), target.version().embeddingSpace())
                .map(generation -> generation.index().version(row.id()))
                .filter(version -> version.isPresent() && version.getAsLong() >= row.version())
                .isPresent();
    }

    /** A batch in which something does not fit is halved until it is found. */
    private void embed(Target target, List<Pending> rows) throws InterruptedException {
        try {
            List<Entity> entities = new ArrayList<>();
            for (Pending row : rows) {
                entities.add(new Entity(row.id(), features(row.row())));
            }
            List<float[]> vectors = models.embed(target.version(), entities);
            List<Point> made = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                Point point = point(target, rows.get(i), entities.get(i), vectors.get(i));
                target.collection().schema().check(point);
                made.add(point);
            }
            publish(target.collection().id().tenant(), made);
            embedded.increment(made.size());
        } catch (StatusRuntimeException | IllegalArgumentException | InvalidPoint e) {
            if (e instanceof StatusRuntimeException status
                    && status.getStatus().getCode() != Status.Code.INVALID_ARGUMENT) {
                throw e;
            }
            if (rows.size() > 1) {
                embed(target, rows.subList(0, rows.size() / 2));
                embed(target, rows.subList(rows.size() / 2, rows.size()));
            } else {
                deadLetters.keep(rows.getFirst().record(), "no point for it: " + e.getMessage());
                refused.increment();
            }
        }
    }

    private static Map<String, Value> features(FeatureRow row) {
        Map<String, Value> features = new HashMap<>();
        row.values().forEach((name, bytes) -> {
            try {
                Value value = Value.parseFrom(bytes);
                if (value.getValCase() != Value.ValCase.VAL_NOT_SET && value.getValCase() != Value.ValCase.NULL_VAL) {
                    features.put(name, value);
                }
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException(name + " is no value: " + e.getMessage(), e);
            }
        });
        return features;
    }

    private static Point point(Target target, Pending row, Entity entity, float[] vector) {
        Map<String, Object> payload = new HashMap<>(target.embed().defaults());
        target.embed().payload().forEach((key, feature) -> {
            Value value = entity.features().get(feature);
            PayloadType type = Objects.requireNonNull(
                    target.collection().schema().payload().get(key));
            if (value != null) {
                payload.put(
                        key,
                        type.canonical(plain(value))
                                .orElseThrow(() -> new IllegalArgumentException("the feature " + feature + " is no "
                                        + type.wireName() + " for the payload key " + key)));
            }
        });
        return new Point(
                target.collection().id().name(),
                target.version().embeddingSpace(),
                row.id(),
                row.version(),
                vector,
                payload);
    }

    private static Object plain(Value value) {
        return switch (value.getValCase()) {
            case STRING_VAL -> value.getStringVal();
            case INT64_VAL -> value.getInt64Val();
            case INT32_VAL -> (long) value.getInt32Val();
            case DOUBLE_VAL -> value.getDoubleVal();
            case FLOAT_VAL -> (double) value.getFloatVal();
            case BOOL_VAL -> value.getBoolVal();
            default -> value; // no payload type has it
        };
    }

    private void publish(String tenant, List<Point> made) throws InterruptedException {
        Instant now = clock.instant();
        List<Future<?>> sent = new ArrayList<>();
        for (Point point : made) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    Topics.POINTS, point.key(tenant).toString().getBytes(UTF_8), Point.CODEC.encode(point));
            CloudEventHeaders.of(UuidV7.at(now.toEpochMilli()).toString(), TYPE, SOURCE, now, tenant)
                    .forEach(record.headers()::add);
            sent.add(kafka.send(record));
        }
        try {
            for (Future<?> each : sent) {
                each.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the points were not kept", e);
        }
    }

    private final class SeekToUnread implements ConsumerRebalanceListener {

        private final Consumer<byte[], byte[]> consumer;
        private final String fingerprint;

        SeekToUnread(Consumer<byte[], byte[]> consumer, String fingerprint) {
            this.consumer = consumer;
            this.fingerprint = fingerprint;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata at = committed.get(partition);
                if (at == null || !fingerprint.equals(at.metadata())) {
                    consumer.seekToBeginning(List.of(partition));
                }
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // What was not committed is looked at again, and found to have its points.
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
