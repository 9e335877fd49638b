package io.millrace.local.supervision;

import java.io.Serial;

/** A part did not start, or ended by itself. The message says what happened; the part's log says why. */
public final class PartFailed extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String part;

    public PartFailed(String part, String message) {
        super(message);
        this.part = part;
    }

    public PartFailed(String part, String message, Throwable cause) {
        super(message, cause);
        this.part = part;
    }

    /** Whose log to look at. */
    public String part() {
        return part;
    }
}
