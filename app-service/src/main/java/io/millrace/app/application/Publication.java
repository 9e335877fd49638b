package io.millrace.app.application;

import io.millrace.app.definition.Definition;
import io.millrace.app.definition.Finding;
import io.millrace.app.definition.InvalidDefinitionException;
import io.millrace.app.pipeline.NeighbourAwayException;
import io.millrace.app.pipeline.Neighbours;
import io.millrace.app.pipeline.PipelineCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks a definition, alone and against the neighbours, and adds it as a version. */
public final class Publication {

    private final Applications applications;
    private final Neighbours neighbours;

    Publication(Applications applications, Neighbours neighbours) {
        this.applications = applications;
        this.neighbours = neighbours;
    }

    /**
     * Adds a version of an application, or finds that its newest one is the same.
     *
     * @throws InvalidDefinitionException if the definition is wrong
     * @throws NeighbourAwayException if it cannot be told whether it is
     * @throws StoreUnavailableException if it cannot be stored
     */
    public Application publish(String name, String definition, Map<String, List<SourceItem>> sources)
            throws InvalidDefinitionException, NeighbourAwayException, StoreUnavailableException {
        check(name, definition, sources);
        return applications.put(name, definition, Version.write(sources));
    }

    /**
     * Checks without adding.
     *
     * @return the newest version, where it is the same
     * @throws InvalidDefinitionException if the definition is wrong
     * @throws NeighbourAwayException if it cannot be told whether it is
     */
    public Optional<Application> check(String name, String definition, Map<String, List<SourceItem>> sources)
            throws InvalidDefinitionException, NeighbourAwayException {
        Definition parsed = Definition.parse(definition);
        List<Finding> findings = new ArrayList<>();
        if (!parsed.application().value().equals(name)) {
            findings.add(new Finding(
                    parsed.application().place(),
                    "the application is \"%s\" here and \"%s\" in the path"
                            .formatted(parsed.application().value(), name)));
        }
        parsed.sources().forEach((source, place) -> {
            if (!sources.containsKey(source)) {
                findings.add(new Finding(place, "the items of the source \"" + source + "\" were not sent"));
            }
        });
        sources.keySet().stream()
                .filter(source -> !parsed.sources().containsKey(source))
                .forEach(source -> findings.add(new Finding(
                        parsed.application().place(),
                        "items of a source \"" + source + "\" were sent, which is not declared under sources")));
        findings.addAll(PipelineCheck.check(parsed, neighbours));
        if (!findings.isEmpty()) {
            throw new InvalidDefinitionException(findings);
        }
        String hash = hash(definition, sources);
        return applications.find(name).filter(newest -> newest.hash().equals(hash));
    }

    /** The hash by which this content is known. */
    public static String hash(String definition, Map<String, List<SourceItem>> sources) {
        return Version.hash(definition, Version.write(sources));
    }
}
