package io.millrace.local.application;

import io.millrace.local.supervision.Addresses;
import io.millrace.local.supervision.StateFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code ./millrace apply FOLDER}. */
public final class Apply {

    private Apply() {}

    /** Sends the definitions in a folder to their owners and returns a line for each about what changed. */
    public static List<String> folder(Path folder, StateFolder state, Addresses addresses)
            throws DefinitionException, InterruptedException {
        Path absolute = folder.toAbsolutePath().normalize();
        var definitions = new Definitions(new HttpJson(), addresses);
        var application = new ApplicationFolder(
                absolute, state.application(absolute.getFileName().toString()));
        if (application.isEmpty()) {
            throw new DefinitionException(
                    absolute + " has no features.yaml, no collections.yaml and no application.yaml.");
        }
        var applied = new ArrayList<Definitions.Applied>();
        applied.addAll(definitions.features(application));
        applied.addAll(definitions.collections(application));
        applied.addAll(definitions.application(application));
        return applied.stream().map(Definitions.Applied::toString).toList();
    }
}
