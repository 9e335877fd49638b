package io.millrace.app.definition;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An application, as its file says it.
 *
 * @param deadline how long an answer may take at most
 * @param sources the names of lists of items held in memory, with where each is declared
 * @param steps in an order in which each comes after those it needs; the last one makes the answer
 * @param recording when the record of an answer is kept
 */
public record Definition(
        Placed<String> application,
        Duration deadline,
        RequestShape request,
        Map<String, Place> sources,
        List<Step> steps,
        Recording recording) {

    public Definition {
        sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
        steps = List.copyOf(steps);
    }

    /**
     * Reads a definition.
     *
     * @throws InvalidDefinitionException with everything that is wrong in it, as far as it can be told without asking
     *     the services it names
     */
    public static Definition parse(String yaml) throws InvalidDefinitionException {
        return new DefinitionParser().parse(yaml);
    }

    /** The step with this id. */
    public Step step(String id) {
        return steps.stream()
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no step " + id));
    }
}
