package io.millrace.storefront.training;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Moments as events carry them: microseconds since 1970. */
final class Moments {

    static final long DAY = ChronoUnit.DAYS.getDuration().toNanos() / 1_000;

    /** How long after a moment what a customer does belongs to the same visit; also the window of {@code session_items}. */
    static final long VISIT = DAY / 48;

    private Moments() {}

    static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
