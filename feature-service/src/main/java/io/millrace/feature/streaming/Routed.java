package io.millrace.feature.streaming;

/** What becomes of a record, by the router and by the gate. */
sealed interface Routed {

    /** Bytes for the aggregation of one view's entity, whose key goes with them; none at all for a tick. */
    record Update(byte[] bytes) implements Routed {}

    /**
     * An event whose addition would make a state or a row larger than Kafka takes.
     *
     * @param sequence where the event is, as {@link EventIds#sequence} has it
     */
    record Refused(long sequence, String reason) implements Routed {}

    /** A record that cannot be used, as it came. */
    record Unreadable(byte[] bytes) implements Routed {}
}
