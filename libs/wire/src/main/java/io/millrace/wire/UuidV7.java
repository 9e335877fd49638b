package io.millrace.wire;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids that sort by the time they were made (RFC 9562, version 7). */
public final class UuidV7 {

    private static final SecureRandom RANDOM = new SecureRandom();

    private UuidV7() {}

    /** A new id of this moment, in milliseconds since 1970. */
    public static UUID at(long epochMillis) {
        long high = epochMillis << 16 | 0x7000L | RANDOM.nextInt(1 << 12);
        long low = 0x8000_0000_0000_0000L | RANDOM.nextLong() >>> 2;
        return new UUID(high, low);
    }
}
