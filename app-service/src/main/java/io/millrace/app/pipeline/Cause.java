package io.millrace.app.pipeline;

import java.util.Locale;

/** Why a step failed. */
public enum Cause {
    /** It took longer than its own timeout. */
    TIMEOUT,
    /** The service behind it cannot be reached, or takes no more now. */
    UNAVAILABLE,
    /** The service behind it answered with an error, or with something that cannot be used. */
    ERROR,
    /** The service behind it knows nothing of most of what it was asked for. */
    MISSING,
    /** A step that it needs failed. */
    DEPENDENCY,
    /** The deadline of the request passed. */
    DEADLINE;

    /** As answers and metrics name it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
