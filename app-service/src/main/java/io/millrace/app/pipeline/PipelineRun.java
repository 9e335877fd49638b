package io.millrace.app.pipeline;

import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.app.definition.Expression.OfStep;
import io.millrace.app.inference.Inference;
import io.millrace.app.pipeline.Prediction.Degradation;
import io.millrace.app.pipeline.Prediction.ModelUse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way through the steps of a pipeline. */
final class PipelineRun {

    private static final Logger log = LoggerFactory.getLogger(PipelineRun.class);

    private final PredictionRequest request;
    private final Deadline deadline;
    private final long startNanos = System.nanoTime();
    private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    private final Map<String, Long> nanos = new ConcurrentHashMap<>();

    PipelineRun(PredictionRequest request, Deadline deadline) {
        this.request = request;
        this.deadline = deadline;
    }

    /** Starts each step as soon as those it refers to have ended, on a virtual thread, and waits for the last. */
    Prediction predict(List<RunnableStep> steps) throws PredictionFailedException {
        Map<String, CompletableFuture<Outcome>> ended = new LinkedHashMap<>();
        for (RunnableStep step : steps) {
            CompletableFuture<?>[] before = references(step)
                    .map(ended::get)
                    .map(Objects::requireNonNull)
                    .toArray(CompletableFuture[]::new);
            ended.put(
                    step.definition().id(),
                    CompletableFuture.allOf(before).thenApplyAsync(_ -> execute(step), Thread::startVirtualThread));
        }
        CompletableFuture.allOf(ended.values().toArray(CompletableFuture[]::new))
                .join();
        return prediction(steps);
    }

    private static Stream<String> references(RunnableStep step) {
        return Stream.concat(step.definition().inputs(), step.definition().fallbacks())
                .map(OfStep::step)
                .distinct();
    }

    private Outcome execute(RunnableStep step) {
        long start = System.nanoTime();
        Outcome outcome = outcome(step);
        outcomes.put(step.definition().id(), outcome);
        nanos.put(step.definition().id(), System.nanoTime() - start);
        return outcome;
    }

    private Outcome outcome(RunnableStep step) {
        Duration timeout = step.definition().head().timeout();
        StepContext context = new StepContext(
                request,
                timeout == null ? deadline : deadline.minimum(Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS)),
                outcomes);
        Set<String> inputs = step.definition().inputs().map(OfStep::step).collect(Collectors.toSet());
        Set<String> failed = inputs.stream()
                .filter(input -> outcomes.get(input) instanceof Outcome.Failed)
                .collect(Collectors.toSet());
        if (!failed.isEmpty()) {
            return otherwise(step, new Failure(Cause.DEPENDENCY, "needs " + failed), failed, context);
        }
        try {
            return new Outcome.Made(step.run(context), inputs);
        } catch (StepFailedException e) {
            return otherwise(step, new Failure(e.reason(), String.valueOf(e.getMessage())), Set.of(), context);
        } catch (StatusRuntimeException e) {
            return otherwise(step, failure(e.getStatus()), Set.of(), context);
        } catch (IllegalArgumentException e) {
            return otherwise(step, new Failure(Cause.ERROR, String.valueOf(e.getMessage())), Set.of(), context);
        } catch (RuntimeException e) {
            // one broken step must not take the answer with it, where something stands in
            log.atError()
                    .addKeyValue("step", step.definition().id())
                    .setCause(e)
                    .log("step failed unexpectedly");
            return otherwise(step, new Failure(Cause.ERROR, "something is wrong inside"), Set.of(), context);
        }
    }

    private static Outcome otherwise(
            RunnableStep step, Failure failure, Set<String> failedInputs, StepContext context) {
        return step.substitute(context)
                .<Outcome>map(other -> {
                    Set<String> uses = new HashSet<>(other.uses());
                    uses.addAll(failedInputs);
                    return new Outcome.Substituted(other.result(), other.used(), failure, uses);
                })
                .orElseGet(() -> new Outcome.Failed(failure, failedInputs));
    }

    private Failure failure(Status status) {
        Cause cause = switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> deadline.isExpired() ? Cause.DEADLINE : Cause.TIMEOUT;
            case UNAVAILABLE, RESOURCE_EXHAUSTED -> Cause.UNAVAILABLE;
            default -> Cause.ERROR;
        };
        String detail = status.getDescription();
        return new Failure(cause, detail == null ? status.getCode().name() : detail);
    }

    private Prediction prediction(List<RunnableStep> steps) throws PredictionFailedException {
        List<String> ids = steps.stream().map(step -> step.definition().id()).toList();
        Set<String> mattered = mattered(ids.getLast());
        List<String> shaping = ids.stream().filter(mattered::contains).toList();
        if (!(outcome(ids.getLast()) instanceof Outcome.Made(StepResult.Answer(var results), var _))) {
            throw failed(shaping);
        }
        Map<String, Long> stepNanos = new LinkedHashMap<>();
        ids.forEach(id -> stepNanos.put(id, nanos.getOrDefault(id, 0L)));
        return new Prediction(
                shaping.stream().flatMap(this::degradation).toList(),
                results,
                shaping.stream().flatMap(this::model).toList(),
                stepNanos,
                System.nanoTime() - startNanos,
                new Evidence(request, steps, outcomes, results));
    }

    /** The steps that shaped the outcome of this one. */
    private Set<String> mattered(String answer) {
        Set<String> mattered = new HashSet<>(Set.of(answer));
        Deque<String> open = new ArrayDeque<>(mattered);
        while (!open.isEmpty()) {
            outcome(open.remove()).uses().stream().filter(mattered::add).forEach(open::add);
        }
        return mattered;
    }

    private Outcome outcome(String step) {
        return Objects.requireNonNull(outcomes.get(step));
    }

    private Stream<Degradation> degradation(String step) {
        return switch (outcome(step)) {
            case Outcome.Made _ -> Stream.empty();
            case Outcome.Substituted other ->
                Stream.of(new Degradation(step, other.failure().cause(), other.used()));
            case Outcome.Failed failed ->
                Stream.of(new Degradation(step, failed.failure().cause(), null));
        };
    }

    private Stream<ModelUse> model(String step) {
        Inference inference = outcome(step) instanceof Outcome.Made made
                ? switch (made.result()) {
                    case StepResult.Outputs outputs -> outputs.inference();
                    case StepResult.Ranking ranking -> ranking.inference();
                    case StepResult.Row _, StepResult.Rows _, StepResult.Candidates _, StepResult.Answer _ -> null;
                }
                : null;
        return inference == null
                ? Stream.empty()
                : Stream.of(new ModelUse(step, inference.model(), inference.version()));
    }

    /** The failure from which the others came. */
    private PredictionFailedException failed(List<String> shaping) {
        for (String step : shaping) {
            if (outcome(step) instanceof Outcome.Failed failed
                    && failed.failure().cause() != Cause.DEPENDENCY) {
                return new PredictionFailedException(step, failed.failure());
            }
        }
        throw new IllegalStateException("no step failed, and there is no answer");
    }
}
