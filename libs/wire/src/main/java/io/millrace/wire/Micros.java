package io.millrace.wire;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Microseconds since 1970, Avro's {@code timestamp-micros}. */
final class Micros {

    private Micros() {}

    static long of(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    static Instant toInstant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
