package io.millrace.feature.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.millrace.wire.Event;
import java.time.Duration;
import java.time.Instant;

/** Which events count, and where one stands in the order of arrival: the same for the stream and for a replay. */
final class EventIds {

    /** An id that comes again within this time of ingestion is dropped. */
    static final Duration REMEMBERED = Duration.ofDays(7);

    private EventIds() {}

    /**
     * Whether an event claims to have happened so long after it arrived that the clock which says so cannot be believed. Such a
     * one would move stream time, and with it every window, for all.
     */
    static boolean isFromTheFuture(Event event, long ingestionMillis, Duration tolerance) {
        return event.time().isAfter(Instant.ofEpochMilli(ingestionMillis).plus(tolerance));
    }

    /** 128 bits that stand for an id. */
    static HashCode hash(String tenant, String id) {
        return Hashing.murmur3_128().hashString(tenant + "/" + id, UTF_8);
    }

    /** A place in the order of arrival that does not depend on who reads the partitions in which order. */
    static long sequence(int partition, long offset) {
        return offset << 10 | partition & 0x3FF;
    }

    /** The partition in a sequence. */
    static int partition(long sequence) {
        return (int) (sequence & 0x3FF);
    }

    /** The offset in a sequence. */
    static long offset(long sequence) {
        return sequence >> 10;
    }
}
