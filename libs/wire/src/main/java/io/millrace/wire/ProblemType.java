package io.millrace.wire;

/** The problems a caller can meet. {@code docs/problems.md} explains each one, and a test holds the two together. */
public enum ProblemType {
    MALFORMED_BODY("malformed-body", 400, "The request body cannot be read"),
    UNAUTHENTICATED("unauthenticated", 401, "A valid API key is needed"),
    NOT_FOUND("not-found", 404, "There is nothing at this path"),
    UNKNOWN_APPLICATION("unknown-application", 404, "There is no such application"),
    UNKNOWN_PREDICTION("unknown-prediction", 404, "There is no record of such a prediction"),
    UNKNOWN_COLLECTION("unknown-collection", 404, "There is no such collection"),
    UNKNOWN_FEATURE("unknown-feature", 404, "There is no such feature view, feature service or feature"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "This path does not have that method"),
    NOT_ACCEPTABLE("not-acceptable", 406, "There is no answer in an accepted media type"),
    CONFLICT("conflict", 409, "The request conflicts with what is there"),
    BODY_TOO_LARGE("body-too-large", 413, "The request body is too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The request body has the wrong media type"),
    VALIDATION("validation", 422, "The request is not valid"),
    INVALID_DEFINITION("invalid-definition", 422, "The definition is not valid"),
    INTERNAL("internal", 500, "Something is wrong inside"),
    DEADLINE_EXCEEDED("deadline-exceeded", 503, "The deadline passed before there was an answer"),
    STEP_FAILED("step-failed", 503, "A step without a fallback failed"),
    RECORD_UNAVAILABLE("record-unavailable", 503, "The record of the answer cannot be kept right now"),
    EVENTS_UNAVAILABLE("events-unavailable", 503, "Events cannot be kept right now"),
    UNAVAILABLE("unavailable", 503, "A service behind this path is not there right now");

    private final String slug;
    private final int status;
    private final String title;

    ProblemType(String slug, int status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    /** The {@code type} member: a path on the gateway. */
    public String path() {
        return "/problems/" + slug;
    }

    /** The last part of {@link #path()}. */
    public String slug() {
        return slug;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The {@code title} member. */
    public String title() {
        return title;
    }
}
