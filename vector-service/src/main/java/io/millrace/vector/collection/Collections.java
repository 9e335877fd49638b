package io.millrace.vector.collection;

import io.millrace.starter.loop.SupervisedLoop;
import io.millrace.vector.engine.VectorException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * The collections as an immutable snapshot in memory. Postgres is asked again and again, so that a collection that another
 * replica was told about is known here soon; while it is away the last snapshot goes on, and after a restart the copy on
 * disk does.
 */
public final class Collections implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Collections.class);
    private static final Duration STOP = Duration.ofSeconds(3);

    private final Duration poll;
    private final CollectionStore store;
    private final CollectionFile file;
    private volatile @Nullable Map<CollectionId, CollectionDefinition> snapshot;
    private final SupervisedLoop follower = new SupervisedLoop("collections", this::refresh);

    Collections(CollectionStore store, CollectionFile file, Duration poll) {
        this.poll = poll;
        this.store = store;
        this.file = file;
        this.snapshot = file.read().map(Map::copyOf).orElse(null);
    }

    /** All collections; empty before {@link #loaded}. */
    public Map<CollectionId, CollectionDefinition> all() {
        Map<CollectionId, CollectionDefinition> known = snapshot;
        return known == null ? Map.of() : known;
    }

    /** Whether the collections are known, from Postgres or from the copy on disk. */
    public boolean loaded() {
        return snapshot != null;
    }

    /** The collection, if it is known. */
    public Optional<CollectionDefinition> find(CollectionId id) {
        return Optional.ofNullable(all().get(id));
    }

    /**
     * The collection, which must be there.
     *
     * @throws VectorException.UnknownCollection if it is not
     * @throws VectorException.Unavailable if nobody knows yet
     */
    public CollectionDefinition get(CollectionId id) {
        if (!loaded()) {
            throw new VectorException.Unavailable("the collections are not known yet; try again");
        }
        return find(id).orElseThrow(() -> new VectorException.UnknownCollection(id.name()));
    }

    /**
     * Waits until the collections are known.
     *
     * @return whether they are
     */
    public synchronized boolean awaitLoaded(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!loaded() && waitUntil(end)) {}
        return loaded();
    }

    /** The collection, waiting for it to be defined. */
    public synchronized Optional<CollectionDefinition> await(CollectionId id, Duration atMost)
            throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (find(id).isEmpty() && waitUntil(end)) {}
        return find(id);
    }

    private synchronized boolean waitUntil(long nanoTime) throws InterruptedException {
        long left = nanoTime - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
        return true;
    }

    /**
     * Defines a collection. The same definition again changes nothing; of one that is there only how it embeds can change.
     *
     * @throws VectorException.DefinitionConflict if it is there with another definition
     * @throws VectorException.Unavailable if Postgres is away
     */
    public void put(CollectionDefinition definition) {
        try {
            store.put(definition);
            accept(store.load());
        } catch (DataAccessException e) {
            throw new VectorException.Unavailable("collections cannot be defined while Postgres is away", e);
        }
        CollectionDefinition there = get(definition.id());
        if (!there.equals(definition)) {
            throw new VectorException.DefinitionConflict("the collection \""
                    + definition.id().name() + "\" is there with another definition: " + CollectionDocument.of(there)
                    + "; choose another name");
        }
    }

    private void refresh() {
        accept(store.load());
        follower.sleep(poll);
    }

    @Override
    public void start() {
        follower.start();
    }

    @Override
    public void stop() {
        follower.stop(STOP);
    }

    @Override
    public boolean isRunning() {
        return follower.isRunning();
    }

    private synchronized void accept(Map<CollectionId, CollectionDefinition> collections) {
        if (!collections.equals(snapshot)) {
            file.write(collections);
            snapshot = Map.copyOf(collections);
            log.atInfo().addKeyValue("collections", collections.keySet()).log("collections known");
            notifyAll();
        }
    }
}
