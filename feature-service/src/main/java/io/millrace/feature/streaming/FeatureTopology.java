package io.millrace.feature.streaming;

import io.millrace.feature.registry.Definitions;
import io.millrace.wire.Topics;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The stream: events, routed to the views of their entities, added to the states, out as rows.
 *
 * <pre>
 *   events → router (seen) → updates → gate → states → emitter (expiries) → feature-rows
 *                 └ unreadable → events.dlq
 * </pre>
 *
 * <p>The states' cache holds a change back until the next commit, so one row per changed key and commit goes out.
 */
final class FeatureTopology {

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();
    private static final byte[] UNKNOWN = {};

    private FeatureTopology() {}

    static Topology of(Definitions definitions, StreamMetrics metrics, StreamingProperties properties) {
        StateCodec codec = new StateCodec(definitions.views());
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(Stores.windowStoreBuilder(
                Stores.persistentWindowStore(EventRouter.SEEN, EventIds.REMEMBERED, EventIds.REMEMBERED, false),
                BYTES,
                BYTES));
        builder.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(RowEmitter.EXPIRIES), BYTES, BYTES));
        builder.stream(Topics.EVENTS, Consumed.with(BYTES, BYTES).withName("events"))
                .process(() -> new EventRouter(definitions, codec, metrics), Named.as("router"), EventRouter.SEEN)
                .split(Named.as("routed-"))
                .branch(
                        (key, routed) -> routed instanceof Routed.Update,
                        Branched.withConsumer(updates -> aggregate(updates, codec, properties)))
                .defaultBranch(Branched.withConsumer(unreadable -> unreadable
                        .mapValues(FeatureTopology::bytes, Named.as("original"))
                        .to(Topics.deadLetters(Topics.EVENTS), Produced.with(BYTES, BYTES))));
        return builder.build();
    }

    private static void aggregate(KStream<byte[], Routed> updates, StateCodec codec, StreamingProperties properties) {
        updates.mapValues(FeatureTopology::bytes, Named.as("update"))
                .repartition(Repartitioned.<byte[], byte[]>as("updates")
                        .withKeySerde(BYTES)
                        .withValueSerde(BYTES)
                        .withStreamPartitioner(TICKS_TO_ALL))
                .processValues(UpdateGate::new, Named.as("gate"))
                .groupByKey(Grouped.with(BYTES, BYTES))
                .aggregate(
                        () -> UNKNOWN,
                        (key, update, state) -> codec.add(update, state),
                        Named.as("aggregate"),
                        Materialized.<byte[], byte[], KeyValueStore<Bytes, byte[]>>as(RowEmitter.STATES)
                                .withKeySerde(BYTES)
                                .withValueSerde(BYTES)
                                .withCachingEnabled())
                .toStream(Named.as("changes"))
                .process(
                        () -> new RowEmitter(codec, properties.expiriesPerSecond()),
                        Named.as("emitter"),
                        RowEmitter.STATES,
                        RowEmitter.EXPIRIES)
                .to(Topics.FEATURE_ROWS, Produced.with(BYTES, BYTES));
    }

    private static byte[] bytes(Routed routed) {
        return switch (routed) {
            case Routed.Update update -> update.bytes();
            case Routed.Unreadable unreadable -> unreadable.bytes();
        };
    }

    /** Nothing said means by the key's hash. */
    private static final StreamPartitioner<byte[], byte[]> TICKS_TO_ALL =
            (topic, key, value, partitions) -> key.length > 0 ? Optional.empty() : Optional.of(all(partitions));

    private static Set<Integer> all(int partitions) {
        return IntStream.range(0, partitions).boxed().collect(Collectors.toSet());
    }
}
