package io.millrace.app.pipeline;

import java.io.Serial;

/** A step that cannot go on with what it was given. */
final class StepFailedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Cause reason;

    StepFailedException(Cause reason, String message) {
        super(message);
        this.reason = reason;
    }

    Cause reason() {
        return reason;
    }
}
