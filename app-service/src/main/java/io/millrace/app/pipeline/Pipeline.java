package io.millrace.app.pipeline;

import io.grpc.Deadline;
import io.millrace.app.definition.Definition;
import io.millrace.app.definition.Placed;
import io.millrace.app.definition.RequestShape;
import io.millrace.app.definition.Step;
import io.millrace.app.definition.Step.Operation;
import io.millrace.app.retrieval.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An application that is ready to answer, any number of requests at once. */
public final class Pipeline {

    /** This part of the deadline is left for fallbacks and the answer itself, once no neighbour answers any more. */
    private static final int RESERVE = 20;

    private final Definition definition;
    private final List<RunnableStep> steps;

    private Pipeline(Definition definition, List<RunnableStep> steps) {
        this.definition = definition;
        this.steps = steps;
    }

    /** A pipeline of this definition, with the items of each source that it declares. */
    public static Pipeline of(Definition definition, Map<String, List<Candidate>> sources, Neighbours neighbours) {
        Map<String, Step> byId = new LinkedHashMap<>();
        definition.steps().forEach(step -> byId.put(step.id(), step));
        List<RunnableStep> steps = new ArrayList<>();
        for (Step step : definition.steps()) {
            steps.add(
                    switch (step) {
                        case Step.Features features -> new FeatureStep(features, neighbours.features());
                        case Step.Retrieve retrieve ->
                            new RetrieveStep(
                                    retrieve,
                                    fetched(retrieve, definition),
                                    items(retrieve.source(), sources),
                                    neighbours.retrieval());
                        case Step.Infer infer ->
                            new InferStep(
                                    infer,
                                    InferStep.retrieval(infer, byId),
                                    InferStep.routingKey(infer, definition.request()),
                                    neighbours.inference(),
                                    neighbours.signatures());
                        case Step.Post post -> new PostStep(post, shown(definition));
                    });
        }
        return new Pipeline(definition, List.copyOf(steps));
    }

    private static List<Candidate> items(@Nullable Placed<String> source, Map<String, List<Candidate>> sources) {
        return source == null ? List.of() : List.copyOf(sources.getOrDefault(source.value(), List.of()));
    }

    /** The payload that results show and that post steps look at. */
    private static List<String> fetched(Step.Retrieve retrieve, Definition definition) {
        List<String> shown = retrieve.payload().stream().map(Placed::value).toList();
        return shown.isEmpty()
                ? shown
                : Stream.concat(shown.stream(), definition.steps().stream().flatMap(Pipeline::looksAt))
                        .distinct()
                        .toList();
    }

    private static Stream<String> looksAt(Step step) {
        return step instanceof Step.Post post
                ? post.operations().stream()
                        .flatMap(each -> each instanceof Operation.DiversifyByPayload by
                                ? Stream.of(by.key().value())
                                : Stream.empty())
                : Stream.empty();
    }

    private static List<String> shown(Definition definition) {
        return definition.steps().stream()
                .flatMap(step -> step instanceof Step.Retrieve retrieve
                        ? retrieve.payload().stream().map(Placed::value)
                        : Stream.empty())
                .distinct()
                .toList();
    }

    /** What it was made of. */
    public Definition definition() {
        return definition;
    }

    /** What a request may and must have. */
    public RequestShape request() {
        return definition.request();
    }

    /**
     * Answers a request.
     *
     * @param patience how long the caller waits; the pipeline's own deadline holds where that is shorter
     * @throws PredictionFailedException if a step fails for which nothing stands in
     */
    public Prediction predict(PredictionRequest request, Duration patience) throws PredictionFailedException {
        Duration time = patience.compareTo(definition.deadline()) < 0 ? patience : definition.deadline();
        Duration forCalls = time.minus(time.dividedBy(RESERVE));
        return new PipelineRun(request, Deadline.after(forCalls.toNanos(), TimeUnit.NANOSECONDS)).predict(steps);
    }
}
