package io.millrace.vector.collection;

import io.millrace.vector.engine.LuceneEngine;
import io.millrace.vector.engine.VectorException;
import io.millrace.vector.engine.VectorIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The indexes of each collection, one per embedding space: {@code <data>/<tenant>/<collection>/<space>/}. The newest two
 * are kept, so that a model can be rolled back; an older one as long as it is searched, because the model that does so may
 * still be answering. Once nobody has for a while it is deleted, and the empty file {@code <space>.retired} remembers that
 * its points are not wanted any more.
 *
 * <p>One thread makes generations and commits them; any number look them up.
 */
public final class Generations implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Generations.class);
    private static final int KEPT = 2;
    private static final String FIRST_SEEN_MARK = "first_seen";
    private static final String RETIRED = ".retired";

    private final Path data;
    private final LuceneEngine engine;
    private final Duration unusedFor;
    private final int most;
    private final InstantSource clock;
    private final Map<CollectionId, List<Generation>> open = new ConcurrentHashMap<>();

    /**
     * The indexes in this folder.
     *
     * @param unusedFor how long an old generation stays after its last search
     * @param most generations of a collection, whether they are searched or not
     */
    Generations(Path data, LuceneEngine engine, Duration unusedFor, int most, InstantSource clock) {
        this.unusedFor = unusedFor;
        this.most = most;
        this.data = data;
        this.engine = engine;
        this.clock = clock;
    }

    /** The generations of a collection, oldest first. */
    public List<Generation> of(CollectionDefinition definition) {
        return open.computeIfAbsent(definition.id(), id -> openAll(definition));
    }

    /** The generation of this embedding space, if it is there. */
    public Optional<Generation> find(CollectionDefinition definition, String embeddingSpace) {
        return of(definition).stream()
                .filter(generation -> generation.embeddingSpace().equals(embeddingSpace))
                .findFirst();
    }

    /** The generation of this embedding space, or the newest one where it is empty. */
    public Generation get(CollectionDefinition definition, String embeddingSpace) {
        List<Generation> generations = of(definition);
        Generation found = (embeddingSpace.isEmpty() ? generations.reversed() : generations)
                .stream()
                        .filter(generation -> embeddingSpace.isEmpty()
                                || generation.embeddingSpace().equals(embeddingSpace))
                        .findFirst()
                        .orElseThrow(() -> new VectorException.UnknownEmbeddingSpace(
                                definition.id().name(), embeddingSpace));
        found.lastUsed().setRelease(clock.millis());
        return found;
    }

    /**
     * The generation that a new point belongs to, made if need be.
     *
     * @param marks to commit with a new generation, so that it is never older than the others on disk
     * @return empty if the embedding space is retired
     */
    public Optional<Generation> forWriting(
            CollectionDefinition definition, String embeddingSpace, Map<String, String> marks) {
        for (Generation generation : of(definition)) {
            if (generation.embeddingSpace().equals(embeddingSpace)) {
                return Optional.of(generation);
            }
        }
        if (Files.exists(retiredFile(definition.id(), embeddingSpace))) {
            return Optional.empty();
        }
        long now = clock.millis();
        VectorIndex index = engine.open(
                folder(definition.id()).resolve(embeddingSpace), definition.schema(), withFirstSeen(marks, now));
        List<Generation> generations = new ArrayList<>(of(definition));
        Generation generation = Generation.opened(embeddingSpace, now, now, index);
        generations.add(generation);
        log.atInfo()
                .addKeyValue("collection", definition.id())
                .addKeyValue("embedding_space", embeddingSpace)
                .log("generation begun");
        while (generations.size() > most) {
            retire(definition.id(), generations.removeFirst(), generations);
        }
        open.put(definition.id(), List.copyOf(generations));
        return Optional.of(generation);
    }

    /** Retires what is neither among the newest nor searched any more. For the thread that makes generations. */
    public void retireUnused() {
        long before = clock.millis() - unusedFor.toMillis();
        open.forEach((id, generations) -> {
            List<Generation> kept = new ArrayList<>(generations);
            for (Generation old : generations.subList(0, Math.max(0, generations.size() - KEPT))) {
                if (old.lastUsed().getAcquire() < before) {
                    kept.remove(old);
                    retire(id, old, kept);
                }
            }
        });
    }

    private void retire(CollectionId id, Generation oldest, List<Generation> kept) {
        try {
            Files.createFile(retiredFile(id, oldest.embeddingSpace()));
            open.put(id, List.copyOf(kept)); // before it closes: no search finds a closed index
            oldest.index().close();
            FileSystemUtils.deleteRecursively(folder(id).resolve(oldest.embeddingSpace()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the generation " + oldest.embeddingSpace(), e);
        }
        log.atInfo()
                .addKeyValue("collection", id)
                .addKeyValue("embedding_space", oldest.embeddingSpace())
                .log("generation retired");
    }

    /** Makes all that was written durable, with these marks. */
    public void commit(Map<String, String> marks) {
        for (List<Generation> generations : open.values()) {
            for (Generation generation : generations) {
                generation.index().commit(withFirstSeen(marks, generation.firstSeen()));
            }
        }
    }

    private List<Generation> openAll(CollectionDefinition definition) {
        Path folder = folder(definition.id());
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> spaces = Files.list(folder)) {
            return spaces.filter(Files::isDirectory)
                    .filter(space -> discardRetired(definition.id(), space))
                    .map(space -> {
                        VectorIndex index = engine.open(space, definition.schema(), Map.of());
                        long firstSeen = Long.parseLong(index.marks().getOrDefault(FIRST_SEEN_MARK, "0"));
                        return Generation.opened(space.getFileName().toString(), firstSeen, clock.millis(), index);
                    })
                    .sorted(Comparator.comparing(Generation::firstSeen).thenComparing(Generation::embeddingSpace))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
    }

    /** Finishes a retirement that a crash interrupted; false if this space is retired. */
    private boolean discardRetired(CollectionId id, Path space) {
        if (!Files.exists(retiredFile(id, space.getFileName().toString()))) {
            return true;
        }
        FileSystemUtils.deleteRecursively(space.toFile());
        return false;
    }

    private Path folder(CollectionId id) {
        return data.resolve(id.tenant()).resolve(id.name());
    }

    private Path retiredFile(CollectionId id, String embeddingSpace) {
        return folder(id).resolve(embeddingSpace + RETIRED);
    }

    private static Map<String, String> withFirstSeen(Map<String, String> marks, long firstSeen) {
        Map<String, String> all = new HashMap<>(marks);
        all.put(FIRST_SEEN_MARK, Long.toString(firstSeen));
        return all;
    }

    @Override
    public void close() {
        open.values()
                .forEach(generations ->
                        generations.forEach(generation -> generation.index().close()));
        open.clear();
    }
}
