package io.millrace.app.definition;

import java.util.List;
import java.util.stream.Collectors;

/** A definition does not hold together. */
public final class InvalidDefinitionException extends Exception {

    private final transient List<Finding> findings;

    public InvalidDefinitionException(List<Finding> findings) {
        super(findings.stream().map(Finding::toString).collect(Collectors.joining("; ")));
        this.findings = List.copyOf(findings);
    }

    /** What is wrong, never empty. */
    public List<Finding> findings() {
        return findings;
    }
}
