package io.millrace.gateway.admission;

import io.millrace.starter.problem.ProblemException;
import io.millrace.wire.ProblemType;
import java.time.Duration;

/** The header {@code Request-Timeout-Ms}: how long the sender will wait for an answer. */
final class RequestTimeout {

    static final String HEADER = "Request-Timeout-Ms";

    private RequestTimeout() {}

    /**
     * The time that this header gives.
     *
     * @throws ProblemException if it is not a whole number of milliseconds from 1 to {@code max}
     */
    static Duration parse(String header, Duration max) {
        try {
            long millis = Long.parseLong(header.strip());
            if (millis >= 1 && millis <= max.toMillis()) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            // answered below, as a number out of range is
        }
        throw new ProblemException(
                ProblemType.VALIDATION,
                "write the header " + HEADER + " as a whole number of milliseconds from 1 to " + max.toMillis());
    }
}
