package io.millrace.app.pipeline;

import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.app.definition.Definition;
import io.millrace.app.definition.Expression.OfRequest;
import io.millrace.app.definition.Expression.OfStep;
import io.millrace.app.definition.Finding;
import io.millrace.app.definition.Place;
import io.millrace.app.definition.Placed;
import io.millrace.app.definition.RequestShape.ValueType;
import io.millrace.app.definition.Step;
import io.millrace.app.definition.Step.Condition;
import io.millrace.app.definition.Step.Operation;
import io.millrace.app.retrieval.CollectionSchema;
import io.millrace.model.ModelSignature;
import io.millrace.model.ModelSignature.Input;
import io.millrace.model.ModelSignature.Origin;
import io.millrace.model.ModelSignature.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Compares a definition with what the neighbours have: feature services and their features, collections and their
 * payload, models, their inputs and outputs.
 */
public final class PipelineCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Map<String, Class<?>> PAYLOAD_TYPES =
            Map.of("keyword", String.class, "bool", Boolean.class, "integer", Long.class, "float", Number.class);

    private static final Map<ValueType.Kind, Set<String>> REQUEST_TYPES = Map.of(
            ValueType.Kind.STRING, Set.of("keyword"),
            ValueType.Kind.NUMBER, Set.of("integer", "float"),
            ValueType.Kind.BOOLEAN, Set.of("bool"));

    private final Definition definition;
    private final Neighbours neighbours;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Set<String>> features = new HashMap<>();
    private final Map<String, CollectionSchema> collections = new HashMap<>();
    private final Map<String, ModelSignature> models = new HashMap<>();

    private PipelineCheck(Definition definition, Neighbours neighbours) {
        this.definition = definition;
        this.neighbours = neighbours;
    }

    /**
     * What does not fit, in the order of the steps.
     *
     * @throws NeighbourAwayException if that cannot be told
     */
    public static List<Finding> check(Definition definition, Neighbours neighbours) throws NeighbourAwayException {
        PipelineCheck check = new PipelineCheck(definition, neighbours);
        check.ask();
        definition.steps().forEach(check::check);
        return check.findings;
    }

    private void ask() throws NeighbourAwayException {
        for (Step step : definition.steps()) {
            switch (step) {
                case Step.Features wanted ->
                    ask(
                            "feature-service",
                            wanted.service().place(),
                            step,
                            features,
                            deadline ->
                                    neighbours.features().names(wanted.service().value(), wanted.joinKey(), deadline));
                case Step.Retrieve wanted ->
                    ask(
                            "vector-service",
                            wanted.collection().place(),
                            step,
                            collections,
                            deadline -> neighbours
                                    .retrieval()
                                    .describe(wanted.collection().value(), deadline));
                case Step.Infer wanted ->
                    ask(
                            "inference-service",
                            wanted.model().place(),
                            step,
                            models,
                            deadline ->
                                    neighbours.signatures().ask(wanted.model().value(), deadline));
                case Step.Post _ -> {}
            }
        }
    }

    private interface Question<T> {
        T ask(Deadline deadline);
    }

    private <T> void ask(String neighbour, Place place, Step step, Map<String, T> answers, Question<T> question)
            throws NeighbourAwayException {
        try {
            answers.put(step.id(), question.ask(Deadline.after(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)));
        } catch (StatusRuntimeException e) {
            Status status = e.getStatus();
            switch (status.getCode()) {
                case NOT_FOUND, INVALID_ARGUMENT, FAILED_PRECONDITION ->
                    refuse(place, neighbour + " says: " + status.getDescription());
                default -> throw new NeighbourAwayException(neighbour, e);
            }
        } catch (IllegalArgumentException e) {
            refuse(place, String.valueOf(e.getMessage()));
        }
    }

    private void check(Step step) {
        switch (step) {
            case Step.Features _ -> {}
            case Step.Retrieve retrieve -> checkRetrieve(retrieve);
            case Step.Infer infer -> checkInfer(infer);
            case Step.Post post -> checkPost(post);
        }
    }

    private void checkRetrieve(Step.Retrieve retrieve) {
        ModelSignature model = models.get(retrieve.vector().step());
        CollectionSchema collection = collections.get(retrieve.id());
        if (model != null) {
            Output output = model.output(retrieve.vector().name()).orElse(null);
            if (output == null || !output.datatype().equals("FP32")) {
                refuse(
                        retrieve.vector().place(),
                        retrieve.vector() + " is no FP32 output of " + model.model() + "; it has " + outputs(model));
            } else if (collection != null && output.width() >= 0 && output.width() != collection.dimension()) {
                refuse(
                        retrieve.vector().place(),
                        "%s has %d numbers, the vectors of the collection have %d"
                                .formatted(retrieve.vector(), output.width(), collection.dimension()));
            }
        }
        if (collection != null) {
            if (retrieve.limit() > collection.maxLimit()) {
                refuse(
                        retrieve.collection().place(),
                        "the collection gives at most %d points, %d are asked for"
                                .formatted(collection.maxLimit(), retrieve.limit()));
            }
            retrieve.payload().forEach(key -> checkKey(key, collection));
            Stream.concat(retrieve.must().stream(), retrieve.mustNot().stream()).forEach(condition -> {
                if (condition instanceof Condition.Match match) {
                    checkKey(match.key(), collection);
                    checkType(match, collection);
                }
            });
        }
    }

    private void checkKey(Placed<String> key, CollectionSchema collection) {
        if (!collection.payload().containsKey(key.value())) {
            refuse(
                    key.place(),
                    "the collection's payload has no \"%s\"; it has %s"
                            .formatted(
                                    key.value(),
                                    new TreeSet<>(collection.payload().keySet())));
        }
    }

    private void checkType(Condition.Match match, CollectionSchema collection) {
        String type = collection.payload().get(match.key().value());
        if (type != null && match.value() instanceof OfRequest path) {
            ValueType declared = definition.request().context().get(path.name());
            if (path.part() == OfRequest.Part.CONTEXT
                    && declared != null
                    && !REQUEST_TYPES.getOrDefault(declared.kind(), Set.of()).contains(type)) {
                refuse(
                        match.key().place(),
                        "\"%s\" is of type %s, %s of the request is %s"
                                .formatted(
                                        match.key().value(),
                                        type,
                                        path.name(),
                                        declared.kind().name().toLowerCase(Locale.ROOT)));
            }
        }
        boolean literal =
                match.value() instanceof String || match.value() instanceof Number || match.value() instanceof Boolean;
        if (type != null
                && literal
                && !PAYLOAD_TYPES.getOrDefault(type, Object.class).isInstance(match.value())) {
            refuse(
                    match.key().place(),
                    "\"%s\" is of type %s, %s is not".formatted(match.key().value(), type, match.value()));
        }
    }

    private void checkInfer(Step.Infer infer) {
        infer.tensors().values().stream().flatMap(List::stream).forEach(this::checkFeature);
        infer.scores().forEach(this::checkFeature);
        ModelSignature model = models.get(infer.id());
        if (model == null) {
            return;
        }
        Set<String> wanted = new TreeSet<>();
        for (Input input : model.inputs()) {
            wanted.add(input.name());
            switch (input) {
                case Input.Columns columns ->
                    columns.columns().forEach(column -> checkOrigin(infer, input, column.from()));
                case Input.Texts texts -> checkOrigin(infer, input, texts.from());
            }
        }
        if (!wanted.equals(infer.tensors().keySet())) {
            refuse(
                    infer.model().place(),
                    "%s has the inputs %s, these are %s"
                            .formatted(model.model(), wanted, infer.tensors().keySet()));
        }
        if (infer.rows() != null && model.score().isEmpty()) {
            refuse(
                    infer.model().place(),
                    "%s has no output \"score\" and not just one; it has %s".formatted(model.model(), outputs(model)));
        }
    }

    /** A column of the model comes from one of the values that the step names, and that value is there. */
    private void checkOrigin(Step.Infer infer, Input input, Origin from) {
        boolean named = infer.tensors().getOrDefault(input.name(), List.of()).stream()
                .anyMatch(value -> value.step().equals(from.step())
                        && (value.whole() || value.name().equals(from.value())));
        if (!named) {
            refuse(
                    infer.model().place(),
                    "the model's input \"%s\" wants %s, which is not among its inputs here"
                            .formatted(input.name(), from));
            return;
        }
        Set<String> known = features.get(from.step());
        if (known != null && !known.contains(from.value())) {
            refuse(
                    infer.model().place(),
                    "the model's input \"%s\" wants %s, which is no feature of that step; it has %s"
                            .formatted(input.name(), from, new TreeSet<>(known)));
        }
        if (known == null
                && definition.step(from.step()) instanceof Step.Retrieve
                && !from.value().equals("score")) {
            refuse(
                    infer.model().place(),
                    "the model's input \"%s\" wants %s; a retrieval has only the score".formatted(input.name(), from));
        }
    }

    private void checkFeature(OfStep value) {
        Set<String> known = features.get(value.step());
        if (known != null && !value.whole() && !known.contains(value.name())) {
            refuse(value.place(), "%s is no feature of that step; it has %s".formatted(value, new TreeSet<>(known)));
        }
    }

    private void checkPost(Step.Post post) {
        post.fallbacks().forEach(this::checkFeature);
        for (Operation operation : post.operations()) {
            if (operation instanceof Operation.DiversifyByPayload by) {
                collections.values().forEach(collection -> checkKey(by.key(), collection));
            }
        }
    }

    private static List<String> outputs(ModelSignature model) {
        return model.outputs().stream().map(Output::name).toList();
    }

    private void refuse(Place place, String message) {
        findings.add(new Finding(place, message));
    }
}
