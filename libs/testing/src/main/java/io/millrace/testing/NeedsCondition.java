package io.millrace.testing;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips a test that {@link Needs} something that is not there, or fails it where that was demanded. */
final class NeedsCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), Needs.class)
                .map(needs -> decide(
                        named(context),
                        List.of(needs.value()),
                        tool -> tool.find().isPresent(),
                        System.getProperty("millrace.require", "")))
                .orElseGet(() -> ConditionEvaluationResult.enabled("needs nothing"));
    }

    /**
     * Whether a test runs.
     *
     * @param test its name for people
     * @param required the tools whose absence is a failure, separated by commas
     * @throws IllegalStateException where a tool is required and not there
     * @throws IllegalArgumentException where {@code required} names no tool
     */
    static ConditionEvaluationResult decide(String test, List<Tool> needed, Predicate<Tool> isThere, String required) {
        List<Tool> demanded = tools(required);
        List<Tool> missing = needed.stream().filter(isThere.negate()).toList();
        for (Tool tool : missing) {
            if (demanded.contains(tool)) {
                throw new IllegalStateException(
                        "needs %s, which -Dmillrace.require demands: it is neither on the PATH nor where -Dmillrace.%s says."
                                .formatted(tool, tool));
            }
        }
        return missing.isEmpty()
                ? ConditionEvaluationResult.enabled("all there: " + needed)
                : ConditionEvaluationResult.disabled("needs " + listed(missing) + " (" + test + ")");
    }

    private static List<Tool> tools(String names) {
        return Arrays.stream(names.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(NeedsCondition::tool)
                .toList();
    }

    private static Tool tool(String name) {
        return Arrays.stream(Tool.values())
                .filter(tool -> tool.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "-Dmillrace.require names `" + name + "`; there are: " + listed(List.of(Tool.values())) + "."));
    }

    private static String listed(List<Tool> tools) {
        return String.join(", ", tools.stream().map(Tool::toString).toList());
    }

    private static String named(ExtensionContext context) {
        String type = context.getTestClass().map(Class::getSimpleName).orElse("");
        return context.getTestMethod()
                .map(method -> type + "#" + method.getName())
                .orElse(type);
    }
}
