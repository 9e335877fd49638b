package io.millrace.starter.problem;

import io.millrace.wire.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says in the caller's words what Jackson found wrong in a body. */
public final class JsonViolations {

    private JsonViolations() {}

    /** The violation behind this error, or {@code null} where the body is no JSON at all. */
    public static Problem.@Nullable Violation of(Throwable error) {
        return switch (error) {
            case UnrecognizedPropertyException unknown ->
                new Problem.Violation(
                        pointer(unknown.getPath()),
                        "unknown-field",
                        "there is no field \"" + unknown.getPropertyName() + "\" here; known are " + known(unknown)
                                + "; leave it out");
            case InvalidFormatException format ->
                new Problem.Violation(pointer(format.getPath()), "wrong-type", "write " + wanted(format));
            case MismatchedInputException mismatch ->
                new Problem.Violation(
                        pointer(mismatch.getPath()),
                        mismatch.getOriginalMessage().startsWith("Missing required") ? "required" : "wrong-type",
                        "write " + wanted(mismatch));
            case DatabindException invalid
            when !invalid.getPath().isEmpty() ->
                new Problem.Violation(
                        pointer(invalid.getPath()),
                        "invalid",
                        invalid.getCause() instanceof IllegalArgumentException refused && refused.getMessage() != null
                                ? refused.getMessage()
                                : "the value is not valid here");
            default -> null;
        };
    }

    /** The path as a JSON pointer (RFC 6901). */
    static String pointer(List<JacksonException.Reference> path) {
        return path.stream()
                .map(step -> step.getPropertyName() == null
                        ? "/" + step.getIndex()
                        : "/" + step.getPropertyName().replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
    }

    private static String known(UnrecognizedPropertyException unknown) {
        return unknown.getKnownPropertyIds() == null
                ? "none"
                : unknown.getKnownPropertyIds().stream()
                        .map(Object::toString)
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    private static String wanted(MismatchedInputException mismatch) {
        Class<?> target = mismatch.getTargetType();
        if (target == null) {
            return "a value of the documented type";
        }
        if (target.isEnum()) {
            return "one of " + Arrays.toString(target.getEnumConstants());
        }
        if (Number.class.isAssignableFrom(target) || target.isPrimitive() && target != boolean.class) {
            return target == int.class || target == Integer.class || target == long.class || target == Long.class
                    ? "an integer"
                    : "a number";
        }
        if (target == boolean.class || target == Boolean.class) {
            return "true or false";
        }
        if (CharSequence.class.isAssignableFrom(target)) {
            return "a string";
        }
        if (java.util.Collection.class.isAssignableFrom(target) || target.isArray()) {
            return "an array";
        }
        return java.time.temporal.Temporal.class.isAssignableFrom(target)
                ? "a time such as 2026-11-23T10:00:00Z"
                : "an object";
    }
}
