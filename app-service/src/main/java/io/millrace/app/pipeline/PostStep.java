package io.millrace.app.pipeline;

import io.millrace.app.definition.Step.Operation;
import io.millrace.app.definition.Step.Post;
import io.millrace.app.features.FeatureTable;
import io.millrace.app.pipeline.StepResult.Candidates;
import io.millrace.app.pipeline.StepResult.Ranking;
import io.millrace.app.pipeline.StepResult.Rows;
import io.millrace.app.retrieval.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the answer of a ranking.
 *
 * @param fields the payload that results show; none means all
 */
record PostStep(Post definition, List<String> fields) implements RunnableStep {

    @Override
    public StepResult run(StepContext context) {
        String list = definition.list().step();
        Ranking ranking = context.find(list, Ranking.class)
                .orElseGet(() -> byCandidateScore(context.result(list, Candidates.class)));
        List<Integer> order = IntStream.range(0, ranking.scores().length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -ranking.scores()[i])) // stable: equal scores keep their order
                .toList();
        for (Operation operation : definition.operations()) {
            order = apply(operation, order, ranking, context);
        }
        return new StepResult.Answer(order.stream()
                .map(i -> result(candidate(ranking, i), ranking.scores()[i]))
                .toList());
    }

    private static Ranking byCandidateScore(Candidates candidates) {
        return new Ranking(
                Rows.all(candidates, FeatureTable.empty()),
                candidates.list().stream().mapToDouble(Candidate::score).toArray(),
                null);
    }

    private static List<Integer> apply(Operation operation, List<Integer> order, Ranking ranking, StepContext context) {
        return switch (operation) {
            case Operation.Top top -> order.stream().limit(top.count()).toList();
            case Operation.TopOfRequest _ ->
                order.stream().limit(context.request().limit()).toList();
            case Operation.DiversifyByPayload by ->
                diversify(
                        order,
                        by.max(),
                        i -> candidate(ranking, i).payload().get(by.key().value()));
            case Operation.DiversifyByFeature by ->
                context.find(by.feature().step(), Rows.class)
                        .map(rows -> diversify(
                                order,
                                by.max(),
                                i -> rows.features()
                                        .comparable(
                                                by.feature().name(),
                                                ranking.rows().kept()[i])))
                        .orElse(order);
        };
    }

    private static List<Integer> diversify(List<Integer> order, int max, IntFunction<@Nullable Object> valueOf) {
        Map<Object, Integer> seen = new HashMap<>();
        List<Integer> first = new ArrayList<>();
        List<Integer> behind = new ArrayList<>(); // a page of one kind is better than half a page
        for (int i : order) {
            Object value = valueOf.apply(i);
            (value == null || seen.merge(value, 1, Integer::sum) <= max ? first : behind).add(i);
        }
        first.addAll(behind);
        return first;
    }

    private static Candidate candidate(Ranking ranking, int i) {
        return ranking.rows().candidates().list().get(ranking.rows().kept()[i]);
    }

    private Prediction.Result result(Candidate candidate, double score) {
        if (fields.isEmpty()) {
            return new Prediction.Result(candidate.id(), score, candidate.payload());
        }
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        for (String field : fields) {
            if (candidate.payload().containsKey(field)) {
                shown.put(field, candidate.payload().get(field));
            }
        }
        return new Prediction.Result(candidate.id(), score, shown);
    }
}
