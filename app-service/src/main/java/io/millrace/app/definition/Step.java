package io.millrace.app.definition;

import io.millrace.app.definition.Expression.OfRequest;
import io.millrace.app.definition.Expression.OfStep;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One step of a pipeline. */
public sealed interface Step {

    /** What every step has. */
    Head head();

    /** The values of other steps that it works on. */
    Stream<OfStep> inputs();

    /** The values of other steps that it uses if it can have them, when it fails for example. */
    default Stream<OfStep> fallbacks() {
        return Stream.empty();
    }

    /** Its name. */
    default String id() {
        return head().id();
    }

    /**
     * The name of a step, where it starts, and how long it may take.
     *
     * @param timeout {@code null} for as long as the deadline allows
     */
    record Head(String id, Place place, @Nullable Duration timeout) {}

    /**
     * Reads online features, of one entity of the request or of each candidate.
     *
     * @param joinKey the name under which feature-service knows the entity's id
     * @param of {@code $.entities.NAME}, or {@code $STEP[*].id} of a retrieval
     */
    record Features(Head head, Placed<String> service, String joinKey, Expression of, OnMissing onMissing)
            implements Step {

        /** What becomes of an entity that has no features. */
        public enum OnMissing {
            /** It goes on with the defaults of the model's columns, also when no features can be read at all. */
            DEFAULTS,
            /** It is left out. */
            DROP
        }

        /** Whether it reads the features of many entities. */
        public boolean ofCandidates() {
            return of instanceof OfStep;
        }

        @Override
        public Stream<OfStep> inputs() {
            return of instanceof OfStep step ? Stream.of(step) : Stream.empty();
        }
    }

    /**
     * Finds the nearest points of a vector.
     *
     * @param limit how many
     * @param payload the payload that becomes the results' fields; none means all of it
     * @param source the items that stand in when this fails, or {@code null}
     */
    record Retrieve(
            Head head,
            Placed<String> collection,
            OfStep vector,
            int limit,
            List<Condition> must,
            List<Condition> mustNot,
            List<Placed<String>> payload,
            @Nullable Placed<String> source)
            implements Step {

        public Retrieve {
            must = List.copyOf(must);
            mustNot = List.copyOf(mustNot);
            payload = List.copyOf(payload);
        }

        @Override
        public Stream<OfStep> inputs() {
            return Stream.of(vector);
        }
    }

    /** Part of a filter. */
    sealed interface Condition {

        /** The payload has this value: a {@code Boolean}, {@code Long}, {@code Double}, {@code String}, or a path. */
        record Match(Placed<String> key, Object value) implements Condition {}

        /** The point is one of these. */
        record Ids(Expression.OfRequest ids) implements Condition {}
    }

    /**
     * Calls a model, once for the request or in one batch with a row for each candidate.
     *
     * @param rows the step with the rows, or {@code null} for a single one
     * @param tensors the name of each input with the values that its columns may come from
     * @param scores what scores the rows when this fails, the first that can be had
     * @param routingKey for whom it is asked: while versions of the model share the traffic, the same value always gets the
     *     same version. {@code null} where nothing was written
     */
    record Infer(
            Head head,
            Placed<String> model,
            @Nullable OfStep rows,
            Map<String, List<OfStep>> tensors,
            List<OfStep> scores,
            @Nullable OfRequest routingKey)
            implements Step {

        public Infer {
            tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
            scores = List.copyOf(scores);
        }

        @Override
        public Stream<OfStep> inputs() {
            Stream<OfStep> values = tensors.values().stream().flatMap(List::stream);
            return rows == null ? values : Stream.concat(Stream.of(rows), values);
        }

        @Override
        public Stream<OfStep> fallbacks() {
            return scores.stream();
        }
    }

    /**
     * Makes the answer of a ranked list.
     *
     * @param list the last step before this one that has such a list
     */
    record Post(Head head, OfStep list, List<Operation> operations) implements Step {

        public Post {
            operations = List.copyOf(operations);
        }

        @Override
        public Stream<OfStep> inputs() {
            return Stream.of(list);
        }

        @Override
        public Stream<OfStep> fallbacks() {
            return operations.stream()
                    .flatMap(each -> each instanceof Operation.DiversifyByFeature by ? Stream.of(by.feature()) : null);
        }
    }

    /** One thing done to a ranked list. */
    sealed interface Operation {

        /**
         * Puts behind the others what comes after the first {@code max} with the same value in their payload; those without one
         * are not counted.
         */
        record DiversifyByPayload(Placed<String> key, int max) implements Operation {}

        /** The same by the value of a feature. */
        record DiversifyByFeature(OfStep feature, int max) implements Operation {}

        /** Keeps the first, as many as the request's limit. */
        record TopOfRequest() implements Operation {}

        /** Keeps the first, so many. */
        record Top(int count) implements Operation {}
    }
}
