package io.millrace.storefront.retail;

import java.time.Duration;
import java.time.Instant;

/**
 * Moves old data to the present by whole weeks, so that weekdays and times of day stay as they were.
 *
 * @param by a multiple of seven days, negative for data from the future
 */
public record WeekShift(Duration by) {

    private static final Duration WEEK = Duration.ofDays(7);

    /** The shift that makes {@code end} the last such moment not after {@code now}. */
    public static WeekShift between(Instant end, Instant now) {
        return new WeekShift(
                WEEK.multipliedBy(Math.floorDiv(Duration.between(end, now).toSeconds(), WEEK.toSeconds())));
    }

    /** When it happens now. */
    public Instant apply(Instant time) {
        return time.plus(by);
    }
}
