package io.millrace.app.application;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The versions in use in a file, so that a restart without Postgres can serve. */
final class VersionSnapshot {

    private static final Logger log = LoggerFactory.getLogger(VersionSnapshot.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;

    VersionSnapshot(Path folder) {
        this.file = folder.resolve("applications.json");
    }

    /** Where it is. */
    Path file() {
        return file;
    }

    /** What was written last; nothing where there is no whole file. */
    Optional<List<Version>> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<Version> versions = JSON.readValue(Files.readString(file), new TypeReference<>() {});
            if (versions.stream().allMatch(Version::isWhole)) {
                return Optional.of(versions);
            }
            log.atWarn().addKeyValue("file", file).log("snapshot of the applications is damaged and not used");
        } catch (IOException | JacksonException e) {
            log.atWarn().addKeyValue("file", file).setCause(e).log("snapshot of the applications cannot be used");
        }
        return Optional.empty();
    }

    /** Keeps these; a crash leaves the old file or the new one. */
    void write(List<Version> versions) throws IOException {
        Files.createDirectories(file.getParent());
        Path next = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(next, JSON.writeValueAsString(versions));
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
