package io.millrace.app.pipeline;

import io.millrace.app.definition.Expression.OfRequest;
import io.millrace.app.definition.Expression.OfStep;
import io.millrace.app.definition.Step.Features;
import io.millrace.app.definition.Step.Features.OnMissing;
import io.millrace.app.features.FeatureClient;
import io.millrace.app.features.FeatureTable;
import io.millrace.app.pipeline.StepResult.Candidates;
import io.millrace.app.retrieval.Candidate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Reads features, of the request's entity or of all candidates in one call. */
record FeatureStep(Features definition, FeatureClient client) implements RunnableStep {

    private static final String DEFAULTS = "defaults";

    @Override
    public StepResult run(StepContext context) {
        return switch (definition.of()) {
            case OfRequest entity ->
                new StepResult.Row(read(
                        List.of(Objects.requireNonNull(
                                context.request().entities().get(entity.name()))),
                        context));
            case OfStep ids -> rows(context.result(ids.step(), Candidates.class), context);
        };
    }

    private StepResult rows(Candidates candidates, StepContext context) {
        if (candidates.list().isEmpty()) {
            return StepResult.Rows.all(candidates, FeatureTable.empty());
        }
        FeatureTable features =
                read(candidates.list().stream().map(Candidate::id).toList(), context);
        return definition.onMissing() == OnMissing.DEFAULTS
                ? StepResult.Rows.all(candidates, features)
                : new StepResult.Rows(candidates, features, known(candidates, features));
    }

    /**
     * The candidates of which the store has anything. A few without are dropped silently, as the pipeline says; a store
     * that knows less than half of what was found has lost its data or is being filled, and an answer from the rest would
     * be short without saying why.
     */
    private static int[] known(Candidates candidates, FeatureTable features) {
        int all = candidates.list().size();
        int[] known = IntStream.range(0, all).filter(features::has).toArray();
        if (2 * known.length < all) {
            throw new StepFailedException(
                    Cause.MISSING, "%d of %d candidates have features".formatted(known.length, all));
        }
        return known;
    }

    private FeatureTable read(List<String> ids, StepContext context) {
        return client.read(definition.service().value(), definition.joinKey(), ids, context.deadline());
    }

    @Override
    public Optional<Substitute> substitute(StepContext context) {
        if (definition.onMissing() != OnMissing.DEFAULTS) {
            return Optional.empty();
        }
        return switch (definition.of()) {
            case OfRequest _ ->
                Optional.of(new Substitute(new StepResult.Row(FeatureTable.empty()), DEFAULTS, Set.of()));
            case OfStep ids ->
                context.find(ids.step(), Candidates.class)
                        .map(candidates -> new Substitute(
                                StepResult.Rows.all(candidates, FeatureTable.empty()), DEFAULTS, Set.of(ids.step())));
        };
    }
}
