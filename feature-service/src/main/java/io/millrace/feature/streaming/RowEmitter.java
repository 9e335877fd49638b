package io.millrace.feature.streaming;

import io.millrace.feature.aggregation.ViewState;
import io.millrace.feature.registry.FeatureView;
import io.millrace.wire.FeatureRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Turns states into feature rows at stream time: when a state has changed, and again when stream time has moved so far that
 * a tile falls out of one of its windows.
 *
 * <p>The expiries are a store ordered by time. An entry says when to look at a state again; one that comes too early does
 * no harm, so entries are never searched for, only added and, when they are due, removed. While stream time runs, because
 * old events are read in masses, nobody looks: what expires then would expire again a moment later.
 */
final class RowEmitter implements Processor<byte[], byte[], byte[], byte[]> {

    /** The name of the store of states. */
    static final String STATES = "states";

    /** The name of the store of expiries: time and row key. */
    static final String EXPIRIES = "expiries";

    private static final byte[] NOTHING = {};
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final long RUNNING_MICROS = 60_000_000; // in one look interval

    private final StateCodec codec;
    private final Limits limits;
    private final int expiriesAtOnce;
    private final StreamMetrics metrics;
    private final Map<String, byte[]> hashes = new HashMap<>(); // by view
    private ProcessorContext<byte[], byte[]> context;
    private TimestampedKeyValueStore<byte[], byte[]> states;
    private KeyValueStore<byte[], byte[]> expiries;
    private long lookedAtMicros;

    @SuppressWarnings("NullAway.Init") // init comes before all else
    RowEmitter(StateCodec codec, Limits limits, int expiriesAtOnce, StreamMetrics metrics) {
        this.codec = codec;
        this.limits = limits;
        this.metrics = metrics;
        this.expiriesAtOnce = expiriesAtOnce;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        this.states = context.getStateStore(STATES);
        this.expiries = context.getStateStore(EXPIRIES);
        context.schedule(LOOK_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> emitExpired());
    }

    @Override
    public void process(Record<byte[], byte[]> changed) {
        emit(changed.key(), changed.value());
    }

    private void emit(byte[] key, byte[] bytes) {
        StateCodec.Known known = codec.state(bytes);
        ViewState state = known.state();
        long streamMicros = Math.max(streamMicros(), state.eventMicros());
        FeatureRow row = Rows.of(key, known, streamMicros);
        byte[] encoded = FeatureRow.CODEC.encode(row);
        if (encoded.length <= limits.row()) {
            context.forward(
                    new Record<>(key, encoded, Math.max(0, row.eventTime().toEpochMilli()), madeBy(known.view())));
        } else {
            metrics.rowsTooLarge.increment();
        }
        long next = state.nextExpiryMicros(streamMicros);
        if (next != Long.MAX_VALUE) {
            expiries.putIfAbsent(expiry(next, key), NOTHING);
        }
    }

    private Headers madeBy(FeatureView view) {
        byte[] hash = hashes.computeIfAbsent(view.name(), _ -> view.hash().getBytes(StandardCharsets.US_ASCII));
        return new RecordHeaders().add(FeatureRow.DEFINITION, hash);
    }

    /** Kafka's stream time has milliseconds, of which every tile is a whole number. */
    private long streamMicros() {
        return Math.max(0, context.currentStreamTimeMs()) * 1000;
    }

    private void emitExpired() {
        long now = streamMicros();
        boolean runs = now - lookedAtMicros > RUNNING_MICROS;
        lookedAtMicros = now;
        if (runs) {
            return;
        }
        List<byte[]> due = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> entries = expiries.range(expiry(0, NOTHING), expiry(now + 1, NOTHING))) {
            while (entries.hasNext() && due.size() < expiriesAtOnce) {
                KeyValue<byte[], byte[]> entry = entries.next();
                due.add(entry.key);
            }
        }
        for (byte[] entry : due) {
            expiries.delete(entry);
            byte[] key = Arrays.copyOfRange(entry, Long.BYTES, entry.length);
            ValueAndTimestamp<byte[]> state = states.get(key);
            if (state != null
                    && state.timestamp() * 1000 < ByteBuffer.wrap(entry).getLong()) {
                emit(key, state.value()); // a state with a newer event has had its row since
            }
        }
    }

    private static byte[] expiry(long micros, byte[] key) {
        return ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(Math.max(0, micros))
                .put(key)
                .array();
    }
}
