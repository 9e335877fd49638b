package io.millrace.feature.streaming;

import io.millrace.feature.aggregation.Contribution;
import io.millrace.feature.registry.Definitions;
import io.millrace.feature.registry.FeatureView;
import io.millrace.wire.Event;
import io.millrace.wire.FeatureRow;
import io.millrace.wire.MalformedMessageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * Reads events, drops repeated ones, and sends to each view of each entity what the event adds to it, under the key of the
 * row that will come out. Once a second it tells all partitions how far event time has come, so that stream time is one.
 */
final class EventRouter implements Processor<byte[], byte[], byte[], Routed> {

    /** The name of the store of event ids. */
    static final String SEEN = "seen";

    /** The key of a tick, which goes to every partition. */
    static final byte[] TICK = {};

    private static final byte[] NOTHING = {};
    private static final Duration TICK_INTERVAL = Duration.ofSeconds(1);

    private final Definitions definitions;
    private final StateCodec codec;
    private final Limits limits;
    private final Duration maxFuture;
    private final StreamMetrics metrics;
    private ProcessorContext<byte[], Routed> context;
    private WindowStore<byte[], byte[]> seen;
    private long newestMillis = Long.MIN_VALUE;
    private long toldMillis = Long.MIN_VALUE;

    @SuppressWarnings("NullAway.Init") // init comes before all else
    EventRouter(Definitions definitions, StateCodec codec, Limits limits, Duration maxFuture, StreamMetrics metrics) {
        this.definitions = definitions;
        this.codec = codec;
        this.limits = limits;
        this.maxFuture = maxFuture;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], Routed> context) {
        this.context = context;
        this.seen = context.getStateStore(SEEN);
        context.schedule(TICK_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> tick());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        String tenant = Tenants.of(record.headers());
        if (!tenant.equals(definitions.tenant())) {
            metrics.ignored.increment();
            return;
        }
        Event event;
        try {
            event = Event.CODEC.decode(record.value() == null ? NOTHING : record.value());
        } catch (MalformedMessageException e) {
            refuse(record, String.valueOf(e.getMessage()));
            return;
        }
        if (EventIds.isFromTheFuture(event, record.timestamp(), maxFuture)) {
            metrics.fromTheFuture.increment();
            letter(record, "its time is more than " + maxFuture + " after its arrival");
            return;
        }
        if (isRepeated(tenant, event.id(), record.timestamp())) {
            metrics.repeated.increment();
            return;
        }
        RecordMetadata origin = context.recordMetadata().orElseThrow();
        if (route(record, event, EventIds.sequence(origin.partition(), origin.offset()))) {
            metrics.accepted.increment();
        }
    }

    private boolean isRepeated(String tenant, String id, long ingestionMillis) {
        byte[] key = EventIds.hash(tenant, id).asBytes();
        long since = Math.max(0, ingestionMillis - EventIds.REMEMBERED.toMillis());
        try (WindowStoreIterator<byte[]> before = seen.fetch(key, since, Long.MAX_VALUE)) {
            if (before.hasNext()) {
                return true;
            }
        }
        seen.put(key, NOTHING, ingestionMillis);
        return false;
    }

    private boolean route(Record<byte[], byte[]> record, Event event, long sequence) {
        long millis = Math.max(0, event.time().toEpochMilli()); // Kafka has no time before 1970
        List<FeatureView> views = definitions.views();
        List<Record<byte[], Routed>> updates = new ArrayList<>(); // all of them, or none
        for (int i = 0; i < views.size(); i++) {
            FeatureView view = views.get(i);
            String id = event.entities().get(view.entity().name());
            Contribution contribution = id == null ? null : view.aggregation().contribution(event, sequence);
            if (id == null || contribution == null) {
                continue;
            }
            Optional<byte[]> entityKey = view.entity().key(id);
            if (entityKey.isEmpty()) {
                refuse(
                        record,
                        "the " + view.entity().name() + " is no "
                                + view.entity().valueType());
                return false;
            }
            byte[] key = new FeatureRow(entityKey.get(), view.name(), event.time(), Map.of()).key();
            byte[] update = codec.update(i, contribution);
            if (key.length > limits.key() || update.length > limits.update()) {
                metrics.tooLarge.increment();
                letter(
                        record,
                        key.length > limits.key()
                                ? "the id of the " + view.entity().name() + " is too long"
                                : "what it adds to " + view.name() + " has " + update.length + " bytes; it may have "
                                        + limits.update());
                return false;
            }
            updates.add(new Record<>(key, new Routed.Update(update), millis, new RecordHeaders()));
        }
        updates.forEach(context::forward);
        newestMillis = Math.max(newestMillis, millis);
        return true;
    }

    private void refuse(Record<byte[], byte[]> record, String reason) {
        metrics.unreadable.increment();
        letter(record, reason);
    }

    private void letter(Record<byte[], byte[]> record, String reason) {
        RecordMetadata origin = context.recordMetadata().orElseThrow();
        Headers headers = new RecordHeaders(record.headers());
        DeadLetters.explain(headers, reason, origin.topic(), origin.partition(), origin.offset());
        byte[] value = record.value() == null ? NOTHING : record.value();
        context.forward(new Record<>(record.key(), new Routed.Unreadable(value), record.timestamp(), headers));
    }

    private void tick() {
        if (newestMillis > toldMillis) {
            context.forward(new Record<>(TICK, new Routed.Update(NOTHING), newestMillis, new RecordHeaders()));
            toldMillis = newestMillis;
        }
    }
}
