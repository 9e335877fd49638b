package io.millrace.app.pipeline;

import io.millrace.app.definition.Expression.OfRequest;
import io.millrace.app.features.FeatureTable;
import io.millrace.app.pipeline.StepResult.Candidates;
import io.millrace.app.pipeline.StepResult.Ranking;
import io.millrace.app.pipeline.StepResult.Row;
import io.millrace.app.pipeline.StepResult.Rows;
import io.millrace.app.retrieval.Candidate;
import io.millrace.wire.PredictionRecord.CandidateList;
import io.millrace.wire.PredictionRecord.FeatureColumn;
import io.millrace.wire.PredictionRecord.FeatureRead;
import io.millrace.wire.PredictionRecord.Scored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an answer was made of. It holds what the steps gave, and lays it out only when it is asked. */
public final class Evidence {

    private final PredictionRequest request;
    private final List<RunnableStep> steps;
    private final Map<String, Outcome> outcomes;
    private final List<Prediction.Result> results;

    /** @param outcomes those of all steps; nobody changes them any more */
    Evidence(
            PredictionRequest request,
            List<RunnableStep> steps,
            Map<String, Outcome> outcomes,
            List<Prediction.Result> results) {
        this.request = request;
        this.steps = steps;
        this.outcomes = outcomes;
        this.results = results;
    }

    /** What was asked for. */
    public PredictionRequest request() {
        return request;
    }

    /** The features that were read of the request's entity, and of the candidates that became results. */
    public List<FeatureRead> features() {
        return steps.stream()
                .flatMap(step -> step instanceof FeatureStep read ? read(read) : Stream.empty())
                .toList();
    }

    private Stream<FeatureRead> read(FeatureStep step) {
        if (!(outcomes.get(step.definition().id()) instanceof Outcome.Made made)) {
            return Stream.empty();
        }
        return switch (made.result()) {
            case Row(FeatureTable table)
            when step.definition().of() instanceof OfRequest entity ->
                Stream.of(read(
                        step,
                        table,
                        List.of(Objects.requireNonNull(request.entities().get(entity.name()))),
                        new int[] {0}));
            case Rows rows -> {
                Map<String, Integer> places = new HashMap<>();
                List<Candidate> candidates = rows.candidates().list();
                IntStream.range(0, candidates.size())
                        .forEach(k -> places.put(candidates.get(k).id(), k));
                List<String> ids = results.stream()
                        .map(Prediction.Result::id)
                        .filter(places::containsKey)
                        .toList();
                yield Stream.of(read(
                        step,
                        rows.features(),
                        ids,
                        ids.stream().mapToInt(places::get).toArray()));
            }
            default -> Stream.empty();
        };
    }

    private static FeatureRead read(FeatureStep step, FeatureTable table, List<String> ids, int[] rows) {
        List<FeatureColumn> columns = table.names().stream()
                .sorted()
                .map(name -> new FeatureColumn(
                        name,
                        IntStream.of(rows)
                                .mapToObj(row -> table.cell(name, row))
                                .toList()))
                .toList();
        return new FeatureRead(
                step.definition().id(), step.definition().service().value(), ids, columns);
    }

    /** All candidates, with the scores that each step gave them. */
    public List<CandidateList> candidates() {
        return steps.stream()
                .flatMap(step -> candidates(step.definition().id()))
                .toList();
    }

    private Stream<CandidateList> candidates(String step) {
        @Nullable
        StepResult result = switch (outcomes.get(step)) {
            case Outcome.Made made -> made.result();
            case Outcome.Substituted other -> other.result();
            case null, default -> null;
        };
        return switch (result) {
            case Candidates(List<Candidate> list) ->
                Stream.of(new CandidateList(
                        step,
                        list.stream()
                                .map(each -> new Scored(each.id(), each.score()))
                                .toList()));
            case Ranking ranking -> Stream.of(new CandidateList(step, scored(ranking)));
            case null, default -> Stream.empty();
        };
    }

    private static List<Scored> scored(Ranking ranking) {
        List<Scored> scored = new ArrayList<>(ranking.scores().length);
        for (int i = 0; i < ranking.scores().length; i++) {
            Candidate candidate =
                    ranking.rows().candidates().list().get(ranking.rows().kept()[i]);
            scored.add(new Scored(candidate.id(), ranking.scores()[i]));
        }
        return scored;
    }
}
