package io.millrace.app.pipeline;

import io.millrace.app.definition.Expression.OfRequest;
import io.millrace.app.definition.Placed;
import io.millrace.app.definition.Step.Condition;
import io.millrace.app.definition.Step.Retrieve;
import io.millrace.app.inference.Inference;
import io.millrace.app.pipeline.StepResult.Candidates;
import io.millrace.app.pipeline.StepResult.Outputs;
import io.millrace.app.retrieval.Candidate;
import io.millrace.app.retrieval.RetrievalClient;
import io.millrace.app.retrieval.VectorQuery;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds candidates.
 *
 * @param payload what to bring with each, which may be more than results show; none means all
 * @param source what stands in; empty where nothing does
 */
record RetrieveStep(Retrieve definition, List<String> payload, List<Candidate> source, RetrievalClient client)
        implements RunnableStep {

    @Override
    public StepResult run(StepContext context) {
        Inference inference =
                context.result(definition.vector().step(), Outputs.class).inference();
        VectorQuery query = new VectorQuery(
                definition.collection().value(),
                inference.embeddingSpace(),
                inference.output(definition.vector().name()).content(),
                definition.limit(),
                conditions(definition.must(), context),
                conditions(definition.mustNot(), context),
                payload);
        return new Candidates(client.query(query, context.deadline()));
    }

    /** The source's items that pass the filter, as far as the source says what the filter asks for. */
    @Override
    public Optional<Substitute> substitute(StepContext context) {
        Placed<String> used = definition.source();
        if (used == null) {
            return Optional.empty();
        }
        Predicate<Candidate> must = conditions(definition.must(), context).stream()
                .map(RetrieveStep::test)
                .reduce(Predicate::and)
                .orElse(_ -> true);
        Predicate<Candidate> mustNot = conditions(definition.mustNot(), context).stream()
                .map(RetrieveStep::testAgainst)
                .reduce(Predicate::or)
                .orElse(_ -> false);
        List<Candidate> items = source.stream()
                .filter(must.and(mustNot.negate()))
                .limit(definition.limit())
                .toList();
        return Optional.of(new Substitute(new Candidates(items), used.value(), Set.of()));
    }

    /** The conditions with the request's values in them; one without a value in this request is left out. */
    private static List<VectorQuery.Condition> conditions(List<Condition> conditions, StepContext context) {
        return conditions.stream()
                .flatMap(condition -> condition(condition, context))
                .toList();
    }

    private static Stream<VectorQuery.Condition> condition(Condition condition, StepContext context) {
        return switch (condition) {
            case Condition.Ids _ ->
                context.request().exclude().isEmpty()
                        ? Stream.empty()
                        : Stream.of(
                                new VectorQuery.Condition.Ids(context.request().exclude()));
            case Condition.Match match -> {
                Object value = match.value() instanceof OfRequest path ? context.value(path) : match.value();
                yield value == null
                        ? Stream.empty()
                        : Stream.of(new VectorQuery.Condition.Match(match.key().value(), value));
            }
        };
    }

    private static Predicate<Candidate> test(VectorQuery.Condition condition) {
        return switch (condition) {
            case VectorQuery.Condition.Match(String key, Object value) ->
                candidate -> !candidate.payload().containsKey(key)
                        || value.equals(candidate.payload().get(key));
            case VectorQuery.Condition.Ids(List<String> ids) -> among(ids);
        };
    }

    private static Predicate<Candidate> testAgainst(VectorQuery.Condition condition) {
        return switch (condition) {
            case VectorQuery.Condition.Match(String key, Object value) ->
                candidate -> value.equals(candidate.payload().get(key));
            case VectorQuery.Condition.Ids(List<String> ids) -> among(ids);
        };
    }

    private static Predicate<Candidate> among(List<String> ids) {
        Set<String> set = new HashSet<>(ids);
        return candidate -> set.contains(candidate.id());
    }
}
