package io.millrace.app.pipeline;

import io.grpc.Deadline;
import io.millrace.app.definition.Expression.OfRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a step knows of the request it runs for.
 *
 * @param deadline when its calls must have been answered
 * @param outcomes those of the steps that have ended
 */
record StepContext(PredictionRequest request, Deadline deadline, Map<String, Outcome> outcomes) {

    /** The result of a step, if it has one of this type. */
    <T extends StepResult> Optional<T> find(String step, Class<T> type) {
        return switch (outcomes.get(step)) {
            case Outcome.Made made when type.isInstance(made.result()) -> Optional.of(type.cast(made.result()));
            case Outcome.Substituted other
            when type.isInstance(other.result()) -> Optional.of(type.cast(other.result()));
            case null, default -> Optional.empty();
        };
    }

    /** The result of a step that has one. */
    <T extends StepResult> T result(String step, Class<T> type) {
        return find(step, type).orElseThrow(() -> new IllegalStateException(step + " has no " + type.getSimpleName()));
    }

    /** A value of the request: a {@code Boolean}, {@code Double} or {@code String}; {@code null} where it has none. */
    @Nullable
    Object value(OfRequest path) {
        return switch (path.part()) {
            case ENTITIES -> request.entities().get(path.name());
            case CONTEXT -> request.context().get(path.name());
            case LIMIT -> (double) request.limit();
            case EXCLUDE -> List.copyOf(request.exclude());
        };
    }
}
