package io.millrace.app.pipeline;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.app.definition.Expression.OfRequest;
import io.millrace.app.definition.Expression.OfStep;
import io.millrace.app.definition.RequestShape;
import io.millrace.app.definition.Step;
import io.millrace.app.definition.Step.Infer;
import io.millrace.app.features.FeatureTable;
import io.millrace.app.inference.Inference;
import io.millrace.app.inference.InferenceClient;
import io.millrace.app.inference.ModelSignatures;
import io.millrace.app.pipeline.StepResult.Candidates;
import io.millrace.app.pipeline.StepResult.Outputs;
import io.millrace.app.pipeline.StepResult.Ranking;
import io.millrace.app.pipeline.StepResult.Rows;
import io.millrace.model.ModelSignature;
import io.millrace.model.Tensor;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls a model, once for the request or once for all rows.
 *
 * @param retrieval the step whose candidates are the rows, or {@code null} where there are no rows
 * @param routingKey where the request says for whom it is, or {@code null} if it does not
 */
record InferStep(
        Infer definition,
        @Nullable String retrieval,
        @Nullable OfRequest routingKey,
        InferenceClient client,
        ModelSignatures signatures)
        implements RunnableStep {

    private static final int[] ONE_ROW = {0};

    @Override
    public StepResult run(StepContext context) {
        OfStep from = definition.rows();
        if (from == null) {
            return new Outputs(infer(ONE_ROW, context).inference());
        }
        Rows rows = context.find(from.step(), Rows.class)
                .orElseGet(() -> Rows.all(context.result(from.step(), Candidates.class), FeatureTable.empty()));
        if (rows.kept().length == 0) {
            return new Ranking(rows, new double[0], null);
        }
        Answer answer = infer(rows.kept(), context);
        String output = answer.signature()
                .score()
                .orElseThrow(() -> new IllegalArgumentException("the model has no output \"score\""))
                .name();
        return new Ranking(rows, answer.inference().output(output).numbers(rows.kept().length), answer.inference());
    }

    private record Answer(ModelSignature signature, Inference inference) {}

    private Answer infer(int[] rows, StepContext context) {
        String model = definition.model().value();
        ModelSignature signature = signatures.get(model, context.deadline());
        String key = routingKey(context);
        try {
            return new Answer(
                    signature, client.infer(signature, tensors(signature, rows, context), key, context.deadline()));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
                throw e;
            }
            // a version with other inputs serves now: nothing was computed, so this is no retry of work
            ModelSignature changed = signatures.ask(model, context.deadline());
            return new Answer(changed, client.infer(changed, tensors(changed, rows, context), key, context.deadline()));
        }
    }

    private @Nullable String routingKey(StepContext context) {
        Object value = routingKey == null ? null : context.value(routingKey);
        return value == null ? null : value.toString();
    }

    private List<Tensor> tensors(ModelSignature signature, int[] rows, StepContext context) {
        Map<String, StepResult> values = new HashMap<>();
        definition
                .inputs()
                .forEach(input -> values.computeIfAbsent(input.step(), step -> context.result(step, StepResult.class)));
        return TensorAssembler.assemble(signature.inputs(), values, rows);
    }

    @Override
    public Optional<Substitute> substitute(StepContext context) {
        for (OfStep score : definition.scores()) {
            try {
                Optional<Substitute> substitute = substitute(score, context);
                if (substitute.isPresent()) {
                    return substitute;
                }
            } catch (IllegalArgumentException e) {
                continue; // a feature that is no number, which shows only in its values
            }
        }
        return Optional.empty();
    }

    private Optional<Substitute> substitute(OfStep score, StepContext context) {
        OfStep from = definition.rows();
        if (from == null || retrieval == null) {
            return Optional.empty();
        }
        String used = score.step() + "." + score.name();
        Set<String> uses = new LinkedHashSet<>(List.of(retrieval, score.step()));
        Optional<Candidates> candidates = context.find(retrieval, Candidates.class);
        Optional<Rows> kept = context.find(from.step(), Rows.class);
        kept.ifPresent(_ -> uses.add(from.step()));
        Optional<Rows> rows = kept.or(() -> candidates.map(all -> Rows.all(all, FeatureTable.empty())));
        Optional<double[]> scores = score.step().equals(retrieval)
                ? rows.map(each ->
                        scores(each, k -> each.candidates().list().get(k).score()))
                : context.find(score.step(), Rows.class)
                        .flatMap(column -> rows.map(each ->
                                scores(each, k -> column.features().number(score.name(), k, 0))));
        return scores.map(values -> new Substitute(new Ranking(rows.orElseThrow(), values, null), used, uses));
    }

    private interface ScoreOf {
        double candidate(int k);
    }

    private static double[] scores(Rows rows, ScoreOf score) {
        double[] scores = new double[rows.kept().length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = score.candidate(rows.kept()[i]);
        }
        return scores;
    }

    /** What the step says, or else the request's first entity: all steps that leave it open then ask for the same one. */
    static @Nullable OfRequest routingKey(Infer infer, RequestShape request) {
        return infer.routingKey() != null
                ? infer.routingKey()
                : request.entities().keySet().stream()
                        .findFirst()
                        .map(first -> new OfRequest(
                                OfRequest.Part.ENTITIES, first, infer.head().place()))
                        .orElse(null);
    }

    /** The step whose candidates are the rows of this one. */
    static @Nullable String retrieval(Infer infer, Map<String, Step> steps) {
        if (infer.rows() == null) {
            return null;
        }
        String rows = infer.rows().step();
        return steps.get(rows) instanceof Step.Features features && features.of() instanceof OfStep ids
                ? ids.step()
                : rows;
    }
}
