package io.millrace.vector.collection;

import io.millrace.vector.engine.VectorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The last good copy of the collections on disk, for a start without Postgres. */
final class CollectionFile {

    private static final Logger log = LoggerFactory.getLogger(CollectionFile.class);

    private final Path file;
    private final JsonMapper json;

    CollectionFile(Path file, JsonMapper json) {
        this.file = file;
        this.json = json;
    }

    private record Copy(List<Entry> collections) {}

    private record Entry(String tenant, String name, CollectionDocument definition) {}

    /** What was written last; empty where nothing readable is there. */
    Optional<Map<CollectionId, CollectionDefinition>> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Map<CollectionId, CollectionDefinition> collections = new HashMap<>();
            for (Entry entry : json.readValue(Files.readAllBytes(file), Copy.class).collections) {
                CollectionId id = new CollectionId(entry.tenant, entry.name);
                collections.put(id, entry.definition.toDefinition(id));
            }
            return Optional.of(collections);
        } catch (IOException | JacksonException | VectorException.InvalidDefinition e) {
            log.atWarn().addKeyValue("file", file).setCause(e).log("copy of the collections is not readable");
            return Optional.empty();
        }
    }

    /** Replaces the copy in one step, so that a crash leaves the old or the new one. */
    void write(Map<CollectionId, CollectionDefinition> collections) {
        List<Entry> entries = collections.values().stream()
                .sorted(Comparator.comparing(definition -> definition.id().toString()))
                .map(definition ->
                        new Entry(definition.id().tenant(), definition.id().name(), CollectionDocument.of(definition)))
                .toList();
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(next, json.writeValueAsBytes(new Copy(entries)));
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep a copy of the collections in " + file, e);
        }
    }
}
