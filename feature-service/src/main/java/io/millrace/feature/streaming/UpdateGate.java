package io.millrace.feature.streaming;

import io.millrace.wire.FeatureRow;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Lets updates through to the states. A tick ends here: it has moved stream time, which was its purpose. So does an update
 * that would make its state or row too large; that is tried out only where it is near, so that others cost one look.
 */
final class UpdateGate implements FixedKeyProcessor<byte[], byte[], Routed> {

    private static final byte[] UNKNOWN = {};

    private final StateCodec codec;
    private final Limits limits;
    private final StreamMetrics metrics;
    private FixedKeyProcessorContext<byte[], Routed> context;
    private TimestampedKeyValueStore<byte[], byte[]> states;

    @SuppressWarnings("NullAway.Init") // init comes before all else
    UpdateGate(StateCodec codec, Limits limits, StreamMetrics metrics) {
        this.codec = codec;
        this.limits = limits;
        this.metrics = metrics;
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Routed> context) {
        this.context = context;
        this.states = context.getStateStore(RowEmitter.STATES);
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> update) {
        byte[] bytes = update.value();
        if (bytes.length == 0) {
            return;
        }
        ValueAndTimestamp<byte[]> known = states.get(update.key());
        byte[] state = known == null ? UNKNOWN : known.value();
        // A state grows by about its update; a row has each of the state's values a few times at most.
        if (state.length + 2L * bytes.length <= limits.state() / 4) {
            context.forward(update.withValue(new Routed.Update(bytes)));
        } else {
            tryOut(update, bytes, state);
        }
    }

    private void tryOut(FixedKeyRecord<byte[], byte[]> update, byte[] bytes, byte[] state) {
        byte[] next = codec.add(bytes, state);
        StateCodec.Known known = codec.state(next);
        int row = FeatureRow.CODEC.encode(
                        Rows.of(update.key(), known, known.state().eventMicros()))
                .length;
        if (next.length <= Math.max(limits.state(), state.length) && row <= limits.row()) {
            context.forward(update.withValue(new Routed.Update(bytes)));
            return;
        }
        metrics.tooLarge.increment();
        String reason = next.length > limits.state()
                ? "the state of " + known.view().name() + " would have " + next.length + " bytes; it may have "
                        + limits.state()
                : "the row of " + known.view().name() + " would have " + row + " bytes; it may have " + limits.row();
        context.forward(update.withValue(new Routed.Refused(codec.sequence(bytes), reason)));
    }
}
