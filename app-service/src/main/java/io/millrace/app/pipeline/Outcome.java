package io.millrace.app.pipeline;

import java.util.Set;

/** How a step ended. */
sealed interface Outcome {

    /** The steps whose outcomes made this one what it is. */
    Set<String> uses();

    /** It did what it should. */
    record Made(StepResult result, Set<String> uses) implements Outcome {}

    /** It failed, and this is used instead. */
    record Substituted(StepResult result, String used, Failure failure, Set<String> uses) implements Outcome {}

    /** It failed, and there is nothing to use instead. */
    record Failed(Failure failure, Set<String> uses) implements Outcome {}
}
