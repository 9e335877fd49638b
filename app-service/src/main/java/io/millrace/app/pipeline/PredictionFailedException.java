package io.millrace.app.pipeline;

/** There is no answer: a step failed for which nothing stands in. */
public final class PredictionFailedException extends Exception {

    private final String step;
    private final Cause cause;

    PredictionFailedException(String step, Failure failure) {
        super("step " + step + ": " + failure.cause().wireName() + " (" + failure.detail() + ")");
        this.step = step;
        this.cause = failure.cause();
    }

    /** The step that failed first. */
    public String step() {
        return step;
    }

    /** Why it failed. */
    public Cause reason() {
        return cause;
    }
}
