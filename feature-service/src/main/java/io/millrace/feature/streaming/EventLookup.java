package io.millrace.feature.streaming;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Finds an event where it is in its topic. */
interface EventLookup extends AutoCloseable {

    /** The record at this place; nothing if it is not there any more. */
    Optional<ConsumerRecord<byte[], byte[]>> at(int partition, long offset);

    @Override
    void close();
}
