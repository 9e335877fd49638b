package io.millrace.feature.streaming;

/** What the router makes of a record. */
sealed interface Routed {

    /** Bytes for the aggregation of one view's entity, whose key goes with them; none at all for a tick. */
    record Update(byte[] bytes) implements Routed {}

    /** A record that cannot be used, as it came. */
    record Unreadable(byte[] bytes) implements Routed {}
}
