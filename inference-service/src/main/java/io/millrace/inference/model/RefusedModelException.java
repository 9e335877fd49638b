package io.millrace.inference.model;

/** A model version cannot be served. */
public final class RefusedModelException extends Exception {

    private final String reason;

    public RefusedModelException(String reason) {
        super(reason);
        this.reason = reason;
    }

    public RefusedModelException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    /** For the people who made the model. */
    public String reason() {
        return reason;
    }
}
