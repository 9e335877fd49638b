package io.millrace.vector.ingestion;

import io.millrace.vector.collection.CollectionDefinition;
import io.millrace.vector.collection.CollectionId;
import io.millrace.vector.collection.Collections;
import io.millrace.vector.collection.Generation;
import io.millrace.vector.collection.Generations;
import io.millrace.vector.engine.VectorException.InvalidPoint;
import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.Point;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Applies the records of the topic to the indexes. */
final class PointRecords {

    private static final Duration WAIT_STEP = Duration.ofMillis(200);
    private static final Pattern EMBEDDING_SPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,126}");

    private final Collections collections;
    private final Generations generations;
    private final Duration unknownCollectionWait;
    private final BooleanSupplier stopping;

    /** Collections that were waited for in vain, as long as the known ones stay the same. */
    private final Set<CollectionId> givenUp = new HashSet<>();

    private Map<CollectionId, CollectionDefinition> givenUpAmong = Map.of();

    PointRecords(
            Collections collections,
            Generations generations,
            Duration unknownCollectionWait,
            BooleanSupplier stopping) {
        this.collections = collections;
        this.generations = generations;
        this.unknownCollectionWait = unknownCollectionWait;
        this.stopping = stopping;
    }

    /**
     * Applies one record; waits a while for its collection to be defined.
     *
     * @param positions how far the topic had been read before this record
     * @throws InvalidPoint if it belongs in the dead letters
     * @throws InterruptedException if the service stops meanwhile; the record is not applied
     */
    Outcome apply(byte @Nullable [] key, byte @Nullable [] value, Positions positions) throws InterruptedException {
        Point.Key where = parse(key);
        CollectionId id = new CollectionId(where.tenant(), where.collection());
        return value == null ? delete(id, where) : upsert(id, where, decode(value), positions);
    }

    private Outcome delete(CollectionId id, Point.Key where) {
        collections.find(id).ifPresent(definition -> {
            for (Generation generation : generations.of(definition)) {
                if (generation.embeddingSpace().equals(where.embeddingSpace())) {
                    generation.index().delete(where.id());
                }
            }
        });
        return Outcome.DELETED;
    }

    private Outcome upsert(CollectionId id, Point.Key where, Point point, Positions positions)
            throws InterruptedException {
        if (!point.key(where.tenant()).equals(where)) {
            throw new InvalidPoint("the record's key is " + where + ", its point's is " + point.key(where.tenant()));
        }
        if (!EMBEDDING_SPACE.matcher(where.embeddingSpace()).matches()) {
            throw new InvalidPoint("an embedding space is 1 to 127 letters, digits, ., _ and -, not \""
                    + where.embeddingSpace() + "\"");
        }
        CollectionDefinition definition =
                find(id).orElseThrow(() -> new InvalidPoint("there is no collection \"" + id.name() + "\""));
        definition.schema().check(point);
        Optional<Generation> generation = generations.forWriting(definition, where.embeddingSpace(), positions.marks());
        return generation
                .map(there -> there.index().upsert(point) ? Outcome.UPSERTED : Outcome.STALE)
                .orElse(Outcome.RETIRED);
    }

    private Optional<CollectionDefinition> find(CollectionId id) throws InterruptedException {
        Optional<CollectionDefinition> known = collections.find(id);
        if (known.isPresent()) {
            return known;
        }
        if (!collections.all().equals(givenUpAmong)) {
            givenUp.clear();
            givenUpAmong = collections.all();
        }
        if (givenUp.contains(id)) {
            return Optional.empty();
        }
        long end = System.nanoTime() + unknownCollectionWait.toNanos();
        while (System.nanoTime() - end < 0) {
            if (stopping.getAsBoolean()) {
                throw new InterruptedException("stopped while waiting for " + id);
            }
            Optional<CollectionDefinition> found = collections.await(id, WAIT_STEP);
            if (found.isPresent()) {
                return found;
            }
        }
        givenUp.add(id);
        return Optional.empty();
    }

    private static Point.Key parse(byte @Nullable [] key) {
        if (key == null) {
            throw new InvalidPoint("the record has no key");
        }
        try {
            return Point.Key.parse(new String(key, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new InvalidPoint("the record's key is " + e.getMessage());
        }
    }

    private static Point decode(byte[] value) {
        try {
            return Point.CODEC.decode(value);
        } catch (MalformedMessageException e) {
            throw new InvalidPoint(String.valueOf(e.getMessage()));
        }
    }
}
