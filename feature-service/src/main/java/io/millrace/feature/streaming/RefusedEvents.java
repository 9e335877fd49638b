package io.millrace.feature.streaming;

import io.millrace.wire.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Makes the dead letter of an event that the gate refused: the original bytes, read again, with the reason. */
final class RefusedEvents implements Processor<byte[], Routed, byte[], byte[]> {

    private static final byte[] GONE = {};

    private final EventLookup events;
    private ProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init") // init comes before all else
    RefusedEvents(EventLookup events) {
        this.events = events;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
    }

    @Override
    public void process(Record<byte[], Routed> record) {
        if (record.value() instanceof Routed.Refused(long sequence, String reason)) {
            int partition = EventIds.partition(sequence);
            long offset = EventIds.offset(sequence);
            ConsumerRecord<byte[], byte[]> original =
                    events.at(partition, offset).orElse(null);
            Headers headers = original == null ? new RecordHeaders() : new RecordHeaders(original.headers());
            DeadLetters.explain(headers, reason, Topics.EVENTS, partition, offset);
            context.forward(new Record<>(
                    original == null ? record.key() : original.key(),
                    original == null || original.value() == null ? GONE : original.value(),
                    record.timestamp(),
                    headers));
        }
    }

    @Override
    public void close() {
        events.close();
    }
}
