package io.millrace.app.application;

import io.millrace.app.definition.Definition;
import io.millrace.app.definition.InvalidDefinitionException;
import io.millrace.app.pipeline.Neighbours;
import io.millrace.app.pipeline.Pipeline;
import java.time.Instant;

/** An application that answers. */
public final class Application {

    private final Version version;
    private final Pipeline pipeline;

    private Application(Version version, Pipeline pipeline) {
        this.version = version;
        this.pipeline = pipeline;
    }

    static Application of(Version version, Neighbours neighbours) throws InvalidDefinitionException {
        return new Application(
                version, Pipeline.of(Definition.parse(version.definition()), version.candidates(), neighbours));
    }

    /** Its name. */
    public String name() {
        return version.name();
    }

    /** Which version of its definition this is. */
    public int version() {
        return version.version();
    }

    /** Which content this is, as a hash. */
    public String hash() {
        return version.hash();
    }

    /** The definition as it was sent. */
    public String definition() {
        return version.definition();
    }

    /** When this version was added. */
    public Instant createdAt() {
        return version.createdAt();
    }

    /** What answers. */
    public Pipeline pipeline() {
        return pipeline;
    }

    Version stored() {
        return version;
    }
}
