package io.millrace.local.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The parts that are to rest while the others run. Any process may say so: a file for each, which the launcher looks at.
 */
public final class HeldParts {

    /** How a part that is to rest comes to its end. */
    public enum Manner {
        /** As it does when all is stopped. */
        ASKED,
        /** Without a warning, as in a crash. */
        KILLED
    }

    private static final String ENDING = ".held";

    private final Path folder;

    public HeldParts(StateFolder state) {
        this.folder = state.run();
    }

    /** Lets a part rest until {@link #release}. */
    public void hold(String part, Manner manner) throws IOException {
        Path written = Files.createTempFile(folder, part, null);
        Files.writeString(written, manner.name().toLowerCase(Locale.ROOT));
        Files.move(written, file(part)); // whole or not at all, since the launcher may look at any time
    }

    /** Whether a part rested; from now on it is to run. */
    public boolean release(String part) throws IOException {
        return Files.deleteIfExists(file(part));
    }

    /** How a part that is to rest ends; empty if it is to run. */
    Optional<Manner> of(String part) {
        try {
            return Optional.of(Manner.valueOf(Files.readString(file(part)).toUpperCase(Locale.ROOT)));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Lets all run, at the start of everything. */
    void clear() throws IOException {
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(ENDING)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private Path file(String part) {
        return folder.resolve(part + ENDING);
    }
}
