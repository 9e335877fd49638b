package io.millrace.app.definition;

import java.util.Optional;
import java.util.regex.Matcher;

/** A path to a value of the request or of another step. */
public sealed interface Expression {

    /** Where it is written. */
    Place place();

    /** A value of the request; {@code name} is empty for the limit and the excluded ids. */
    record OfRequest(Part part, String name, Place place) implements Expression {

        /** Parts of a request. */
        public enum Part {
            ENTITIES,
            CONTEXT,
            LIMIT,
            EXCLUDE
        }

        @Override
        public String toString() {
            return "$." + part.name().toLowerCase(java.util.Locale.ROOT) + (name.isEmpty() ? "" : "." + name);
        }
    }

    /**
     * A value of a step.
     *
     * @param name which of its values; empty for all of them
     * @param each whether it is the value of each row, as in {@code $candidates[*].id}
     */
    record OfStep(String step, String name, boolean each, Place place) implements Expression {

        /** Whether the whole step is meant. */
        public boolean whole() {
            return name.isEmpty();
        }

        @Override
        public String toString() {
            return "$" + step + (each ? "[*]" : "") + (name.isEmpty() ? "" : "." + name);
        }
    }

    /** The expression in this text, if it is one. */
    static Optional<Expression> parse(String text, Place place) {
        Matcher request = Syntax.REQUEST.matcher(text);
        if (request.matches()) {
            OfRequest.Part part =
                    OfRequest.Part.valueOf((request.group(1) == null ? request.group(3) : request.group(1))
                            .toUpperCase(java.util.Locale.ROOT));
            return Optional.of(new OfRequest(part, request.group(2) == null ? "" : request.group(2), place));
        }
        Matcher step = Syntax.STEP.matcher(text);
        if (step.matches()) {
            return Optional.of(new OfStep(
                    step.group(1), step.group(3) == null ? "" : step.group(3), step.group(2) != null, place));
        }
        return Optional.empty();
    }
}
