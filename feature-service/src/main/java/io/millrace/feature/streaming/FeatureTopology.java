package io.millrace.feature.streaming;

import io.millrace.feature.registry.Definitions;
import io.millrace.wire.Topics;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
 *                 └ unreadable → events.dlq  └ refused → events.dlq
 * </pre>
 *
 * <p>The states' cache holds a change back until the next commit, so one row per changed key and commit goes out.
 */
final class FeatureTopology {

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();
    private static final byte[] UNKNOWN = {};

    private FeatureTopology() {}

    /**
     * The stream of these definitions.
     *
     * @param events finds the originals of what is refused
     */
    static Topology of(
            Definitions definitions,
            StreamMetrics metrics,
            StreamingProperties properties,
            Supplier<EventLookup> events) {
        StateCodec codec = new StateCodec(definitions.views());
        Limits limits = Limits.of(properties.maxStateSize());
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(Stores.windowStoreBuilder(
                Stores.persistentWindowStore(EventRouter.SEEN, EventIds.REMEMBERED, EventIds.REMEMBERED, false),
                BYTES,
                BYTES));
        builder.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(RowEmitter.EXPIRIES), BYTES, BYTES));
        builder.stream(Topics.EVENTS, Consumed.with(BYTES, BYTES).withName("events"))
                .process(
                        () -> new EventRouter(definitions, codec, limits, properties.maxFuture(), metrics),
                        Named.as("router"),
                        EventRouter.SEEN)
                .split(Named.as("routed-"))
                .branch(
                        (key, routed) -> routed instanceof Routed.Update,
                        Branched.withConsumer(
                                updates -> aggregate(updates, codec, limits, metrics, properties, events)))
                .defaultBranch(Branched.withConsumer(unreadable -> unreadable
                        .mapValues(FeatureTopology::bytes, Named.as("original"))
                        .to(Topics.deadLetters(Topics.EVENTS), Produced.with(BYTES, BYTES))));
        Topology topology = builder.build();
        topology.connectProcessorAndStateStores("gate", RowEmitter.STATES); // the store comes after the gate
        return topology;
    }

    private static void aggregate(
            KStream<byte[], Routed> updates,
            StateCodec codec,
            Limits limits,
            StreamMetrics metrics,
            StreamingProperties properties,
            Supplier<EventLookup> events) {
        var gated = updates.mapValues(FeatureTopology::bytes, Named.as("update"))
                .repartition(Repartitioned.<byte[], byte[]>as("updates")
                        .withKeySerde(BYTES)
                        .withValueSerde(BYTES)
                        .withStreamPartitioner(TICKS_TO_ALL))
                .processValues(() -> new UpdateGate(codec, limits, metrics), Named.as("gate"))
                .split(Named.as("gated-"))
                .branch((key, routed) -> routed instanceof Routed.Update, Branched.as("update"))
                .defaultBranch(Branched.withConsumer(
                        refused -> refused.process(() -> new RefusedEvents(events.get()), Named.as("refused"))
                                .to(Topics.deadLetters(Topics.EVENTS), Produced.with(BYTES, BYTES))));
        Objects.requireNonNull(gated.get("gated-update"))
                .mapValues(FeatureTopology::bytes, Named.as("let-through"))
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
                        () -> new RowEmitter(codec, limits, properties.expiriesPerSecond(), metrics),
                        Named.as("emitter"),
                        RowEmitter.STATES,
                        RowEmitter.EXPIRIES)
                .to(Topics.FEATURE_ROWS, Produced.with(BYTES, BYTES));
    }

    private static byte[] bytes(Routed routed) {
        return switch (routed) {
            case Routed.Update update -> update.bytes();
            case Routed.Unreadable unreadable -> unreadable.bytes();
            case Routed.Refused refused -> throw new IllegalStateException("no bytes of its own: " + refused);
        };
    }

    /** Nothing said means by the key's hash. */
    private static final StreamPartitioner<byte[], byte[]> TICKS_TO_ALL =
            (topic, key, value, partitions) -> key.length > 0 ? Optional.empty() : Optional.of(all(partitions));

    private static Set<Integer> all(int partitions) {
        return IntStream.range(0, partitions).boxed().collect(Collectors.toSet());
    }
}
