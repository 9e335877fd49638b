package io.millrace.local.supervision;

import java.util.Locale;

/** How far a part of {@code up} has come. */
public enum PartState {
    STARTING,
    READY,
    RUNNING,
    DONE,
    FAILED,
    STOPPED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
