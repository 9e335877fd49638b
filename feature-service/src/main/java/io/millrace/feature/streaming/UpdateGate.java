package io.millrace.feature.streaming;

import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Lets updates through to the states. A tick ends here: it has moved stream time, which was its purpose. */
final class UpdateGate implements FixedKeyProcessor<byte[], byte[], byte[]> {

    private FixedKeyProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init") // init comes before all else
    UpdateGate() {}

    @Override
    public void init(FixedKeyProcessorContext<byte[], byte[]> context) {
        this.context = context;
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> update) {
        if (update.value().length > 0) {
            context.forward(update);
        }
    }
}
