package io.millrace.app.definition;

import io.millrace.app.definition.Expression.OfStep;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The steps ordered by what they refer to.
 *
 * @param ordered each after those it refers to, as far as there is such an order
 * @param findings references to nothing, cycles, ids that are there twice
 */
record StepGraph(List<Step> ordered, List<Finding> findings) {

    static StepGraph of(List<Step> steps) {
        List<Finding> findings = new ArrayList<>();
        Map<String, Step> byId = new LinkedHashMap<>();
        for (Step step : steps) {
            if (byId.putIfAbsent(step.id(), step) != null) {
                findings.add(new Finding(step.head().place(), "the step id \"" + step.id() + "\" is here twice"));
            }
        }
        for (Step step : steps) {
            references(step)
                    .filter(reference -> !byId.containsKey(reference.step()))
                    .forEach(reference -> findings.add(new Finding(
                            reference.place(),
                            "there is no step \"" + reference.step() + "\"; known are "
                                    + String.join(", ", byId.keySet()))));
        }
        if (!findings.isEmpty()) {
            return new StepGraph(steps, findings);
        }
        return new StepGraph(ordered(byId, findings), findings);
    }

    private static Stream<OfStep> references(Step step) {
        return Stream.concat(step.inputs(), step.fallbacks());
    }

    private static List<Step> ordered(Map<String, Step> byId, List<Finding> findings) {
        Set<String> done = new LinkedHashSet<>();
        List<Step> waiting = new ArrayList<>(byId.values());
        boolean progress = true;
        while (progress) {
            progress = waiting.removeIf(
                    step -> references(step).allMatch(each -> done.contains(each.step())) && done.add(step.id()));
        }
        for (Step step : waiting) {
            if (reaches(step, step.id(), byId, new HashSet<>())) {
                findings.add(
                        new Finding(step.head().place(), "the step \"" + step.id() + "\" needs itself, over a cycle"));
            }
        }
        return done.stream().map(byId::get).toList();
    }

    private static boolean reaches(Step from, String target, Map<String, Step> byId, Set<String> seen) {
        return references(from)
                .map(OfStep::step)
                .filter(seen::add)
                .anyMatch(id ->
                        id.equals(target) || byId.get(id) instanceof Step step && reaches(step, target, byId, seen));
    }

    /** What keeps the last of these steps, as they are written, from being the answer of all. */
    static List<Finding> withoutAnswer(List<Step> steps, Place place) {
        if (steps.isEmpty() || !(steps.getLast() instanceof Step.Post answer)) {
            return List.of(new Finding(
                    steps.isEmpty() ? place : steps.getLast().head().place(),
                    "the last step makes the answer; write a post step there"));
        }
        Map<String, Step> byId = new LinkedHashMap<>();
        steps.forEach(step -> byId.put(step.id(), step));
        Set<String> used = new HashSet<>();
        reaches(answer, "", byId, used);
        return steps.stream()
                .filter(step -> step != answer && !used.contains(step.id()))
                .map(step -> new Finding(
                        step.head().place(),
                        "nothing in the answer comes from the step \"" + step.id() + "\"; use it or leave it out"))
                .toList();
    }
}
