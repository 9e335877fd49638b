package io.millrace.feature.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.time.Duration;

/** When an event is a repetition, and where it stands in the order of arrival: the same for the stream and for a replay. */
final class EventIds {

    /** An id that comes again within this time of ingestion is dropped. */
    static final Duration REMEMBERED = Duration.ofDays(7);

    private EventIds() {}

    /** 128 bits that stand for an id. */
    static HashCode hash(String tenant, String id) {
        return Hashing.murmur3_128().hashString(tenant + "/" + id, UTF_8);
    }

    /** A place in the order of arrival that does not depend on who reads the partitions in which order. */
    static long sequence(int partition, long offset) {
        return offset << 10 | partition & 0x3FF;
    }
}
