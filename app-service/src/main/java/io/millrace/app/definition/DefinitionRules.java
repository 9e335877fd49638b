package io.millrace.app.definition;

import io.millrace.app.definition.Expression.OfRequest;
import io.millrace.app.definition.Expression.OfStep;
import io.millrace.app.definition.Step.Condition;
import io.millrace.app.definition.Step.Features;
import io.millrace.app.definition.Step.Infer;
import io.millrace.app.definition.Step.Operation;
import io.millrace.app.definition.Step.Post;
import io.millrace.app.definition.Step.Retrieve;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What holds between the parts of a definition: that each path leads to a value of the kind that is needed there. */
final class DefinitionRules {

    private final Definition definition;
    private final List<Finding> findings = new ArrayList<>();

    DefinitionRules(Definition definition) {
        this.definition = definition;
        definition.steps().forEach(this::check);
    }

    List<Finding> findings() {
        return findings;
    }

    private void check(Step step) {
        Duration timeout = step.head().timeout();
        if (timeout != null && timeout.compareTo(definition.deadline()) > 0) {
            refuse(
                    step.head().place(),
                    "the timeout of \"" + step.id() + "\" is longer than the deadline of "
                            + definition.deadline().toMillis() + "ms");
        }
        switch (step) {
            case Features features -> checkFeatures(features);
            case Retrieve retrieve -> checkRetrieve(retrieve);
            case Infer infer -> checkInfer(infer);
            case Post post -> checkPost(post);
        }
    }

    private void checkFeatures(Features features) {
        if (features.of() instanceof OfRequest entity) {
            checkRequest(entity);
        } else if (features.of() instanceof OfStep ids && !(target(ids) instanceof Retrieve)) {
            refuse(ids, "does not lead to the ids of a retrieve step");
        }
    }

    private void checkRetrieve(Retrieve retrieve) {
        if (!(target(retrieve.vector()) instanceof Infer infer)
                || infer.rows() != null
                || retrieve.vector().whole()) {
            refuse(retrieve.vector(), "does not lead to an output of an infer step without rows");
        }
        Stream.concat(retrieve.must().stream(), retrieve.mustNot().stream()).forEach(condition -> {
            switch (condition) {
                case Condition.Match match when match.value() instanceof OfRequest path -> checkRequest(path);
                case Condition.Match match
                when match.value() instanceof OfStep path ->
                    refuse(path, "cannot be matched; write a value, $.context.NAME or $.entities.NAME");
                case Condition.Match _ -> {}
                case Condition.Ids ids -> checkRequest(ids.ids());
            }
        });
        if (retrieve.source() != null
                && !definition.sources().containsKey(retrieve.source().value())) {
            refuse(
                    retrieve.source().place(),
                    "there is no source \"" + retrieve.source().value() + "\"; declare it under sources");
        }
    }

    private void checkInfer(Infer infer) {
        String retrieval =
                infer.rows() == null || target(infer.rows()) instanceof Infer ? null : retrievalBehind(infer.rows());
        if (infer.rows() != null && (retrieval == null || !infer.rows().whole())) {
            refuse(
                    infer.rows(),
                    "does not lead to rows; write $STEP of a features step with entities, or of a retrieval");
        }
        if (infer.routingKey() != null) {
            checkRequest(infer.routingKey());
        }
        infer.tensors().values().stream().flatMap(List::stream).forEach(value -> checkColumns(value, retrieval));
        infer.scores().forEach(score -> {
            if (score.whole() || !isColumnOfRows(score, retrieval)) {
                refuse(score, "is no column of the rows; write $STEP.FEATURE, or $STEP.score of the retrieval");
            }
        });
    }

    private void checkColumns(OfStep value, @Nullable String retrieval) {
        boolean single = target(value) instanceof Features features && !features.ofCandidates();
        if (value.each() || !single && !isColumnOfRows(value, retrieval)) {
            refuse(
                    value,
                    "cannot be an input of this model; write features of the request's entity or columns of its rows");
        }
    }

    private boolean isColumnOfRows(OfStep value, @Nullable String retrieval) {
        return retrieval != null
                && !value.each()
                && switch (target(value)) {
                    case Features features ->
                        Objects.equals(retrievalBehind(value), retrieval) && features.ofCandidates();
                    case Retrieve retrieve ->
                        retrieve.id().equals(retrieval) && value.name().equals("score");
                    case Infer _, Post _ -> false;
                };
    }

    /** The retrieval whose candidates are this step's rows, if it has any. */
    private @Nullable String retrievalBehind(OfStep rows) {
        return switch (target(rows)) {
            case Retrieve retrieve -> retrieve.id();
            case Features features when features.of() instanceof OfStep ids -> ids.step();
            case Infer infer when infer.rows() != null -> retrievalBehind(infer.rows());
            default -> null;
        };
    }

    private void checkPost(Post post) {
        boolean limited = post.operations().stream().anyMatch(each -> each instanceof Operation.TopOfRequest);
        if (limited && definition.request().limit() == null) {
            refuse(post.head().place(), "$.limit is not part of the request; declare it under request");
        }
        post.fallbacks().forEach(feature -> {
            if (feature.whole() || !isColumnOfRows(feature, retrievalBehind(post.list()))) {
                refuse(feature, "is no feature of what is ranked; write $STEP.FEATURE");
            }
        });
    }

    private void checkRequest(OfRequest path) {
        RequestShape request = definition.request();
        boolean declared = switch (path.part()) {
            case ENTITIES -> request.entities().containsKey(path.name());
            case CONTEXT -> request.context().containsKey(path.name());
            case LIMIT -> request.limit() != null;
            case EXCLUDE -> request.exclude() > 0;
        };
        if (!declared) {
            refuse(path, "is not part of the request; declare it under request");
        }
    }

    private Step target(OfStep reference) {
        return definition.step(reference.step());
    }

    private void refuse(Expression path, String message) {
        refuse(path.place(), path + " " + message);
    }

    private void refuse(Place place, String message) {
        findings.add(new Finding(place, message));
    }
}
