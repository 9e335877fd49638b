package io.millrace.app.pipeline;

import io.millrace.app.definition.Step;
import java.util.Optional;
import java.util.Set;

/** A step that is ready to run, any number of times at once. */
sealed interface RunnableStep permits FeatureStep, RetrieveStep, InferStep, PostStep {

    /** What it was made of. */
    Step definition();

    /** Does it. Everything it needs has a result. Whatever it throws is its failure. */
    StepResult run(StepContext context);

    /** What stands in when it failed, if anything does. Its inputs may have failed too. */
    default Optional<Substitute> substitute(StepContext context) {
        return Optional.empty();
    }

    /**
     * What stands in for a step.
     *
     * @param used how the answer names it
     * @param uses the steps that it comes from
     */
    record Substitute(StepResult result, String used, Set<String> uses) {}
}
