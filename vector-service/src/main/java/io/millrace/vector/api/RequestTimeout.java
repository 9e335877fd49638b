package io.millrace.vector.api;

import io.millrace.vector.engine.Deadline;
import io.millrace.vector.engine.VectorException.InvalidQuery;
import java.time.Duration;
import java.util.regex.Pattern;

/** The header {@code Request-Timeout-Ms}: how long the caller waits. */
final class RequestTimeout {

    static final String HEADER = "Request-Timeout-Ms";

    /** Without the header. */
    static final String DEFAULT = "10000";

    private static final Pattern MILLIS = Pattern.compile("[1-9]\\d{0,8}");

    private RequestTimeout() {}

    static Deadline deadline(String header) {
        if (!MILLIS.matcher(header).matches()) {
            throw new InvalidQuery(
                    "", "the header " + HEADER + " is a whole number of milliseconds, at least 1, of at most 9 digits");
        }
        return Deadline.in(Duration.ofMillis(Long.parseLong(header)));
    }
}
