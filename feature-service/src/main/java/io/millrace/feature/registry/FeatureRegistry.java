package io.millrace.feature.registry;

import io.millrace.feature.FeatureException;
import io.millrace.starter.loop.SupervisedLoop;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The definitions in use. Reading them needs nothing but memory; a thread follows Postgres, and a file on disk stands in
 * for it at a start without it. Postgres is right whatever was in use before, so that one which was put back to an older
 * state and a replica with a newer file agree.
 */
public final class FeatureRegistry implements SmartLifecycle {

    /** The tenant of everything until the gateway issues others. */
    public static final String TENANT = "default";

    private static final Logger log = LoggerFactory.getLogger(FeatureRegistry.class);

    private final DefinitionsStore store;
    private final DefinitionsSnapshot snapshot;
    private final Duration pollInterval;
    private final List<Consumer<Definitions>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Definitions current;
    private volatile boolean knowsPostgres;
    private final SupervisedLoop follower = new SupervisedLoop("definitions", this::follow);

    FeatureRegistry(DefinitionsStore store, DefinitionsSnapshot snapshot, Duration pollInterval) {
        this.store = store;
        this.snapshot = snapshot;
        this.pollInterval = pollInterval;
    }

    /** The definitions in use; nothing before the first were sent. */
    public Optional<Definitions> current() {
        return Optional.ofNullable(current);
    }

    /**
     * The definitions in use.
     *
     * @throws FeatureException.UnknownFeature before the first were sent
     */
    public Definitions require() {
        return current()
                .orElseThrow(() -> new FeatureException.UnknownFeature(
                        "there are no feature definitions yet; PUT /v1/feature-definitions"));
    }

    /** Whether it is known what is defined, were it nothing: from Postgres, or from the snapshot. */
    public boolean isLoaded() {
        return knowsPostgres || current != null;
    }

    /** Calls this with the definitions in use, if there are any, and with each new version, on whatever thread. */
    public synchronized void onChange(Consumer<Definitions> listener) {
        listeners.add(listener);
        current().ifPresent(listener);
    }

    /**
     * Replaces the definitions by those in this text; the same text again changes nothing.
     *
     * @return the definitions with their version
     * @throws FeatureException.InvalidDefinition if they do not hold together
     * @throws FeatureException.Conflict if they are of another project
     * @throws FeatureException.RegistryUnavailable if Postgres is away
     */
    public Definitions put(String text) {
        Definitions sent = DefinitionsParser.parse(TENANT, 0, text);
        try {
            Definitions kept = store.put(sent);
            refresh();
            return kept;
        } catch (DataAccessException | TransactionException e) {
            throw new FeatureException.RegistryUnavailable(e);
        }
    }

    private synchronized void use(Definitions next) {
        Definitions before = current;
        if (before != null
                && before.version() == next.version()
                && before.hash().equals(next.hash())) {
            return;
        }
        if (before != null && before.version() >= next.version()) {
            log.atWarn()
                    .addKeyValue("version", next.version())
                    .addKeyValue("before", before.version())
                    .log("Postgres has other or older definitions than were in use; it is right");
        }
        current = next;
        log.atInfo()
                .addKeyValue("project", next.project())
                .addKeyValue("version", next.version())
                .log("feature definitions in use");
        try {
            snapshot.write(next);
        } catch (IOException e) {
            log.atWarn().setCause(e).log("definitions snapshot not written: a restart will need Postgres");
        }
        listeners.forEach(listener -> listener.accept(next));
    }

    @Override
    public void start() {
        snapshot.read().ifPresent(this::use);
        follower.start();
    }

    private void follow() throws SQLException {
        store.migrate();
        store.onEveryChange(pollInterval, follower::isWanted, () -> {
            refresh();
            follower.worked();
        });
    }

    /** Reads and uses in one step: whoever comes later has read later, so that no older version comes back. */
    private synchronized void refresh() {
        Optional<Definitions> latest = store.latest(TENANT);
        knowsPostgres = true;
        latest.ifPresent(this::use);
    }

    @Override
    public void stop() {
        follower.end(); // its wait for a notice ends with the connection pool
    }

    @Override
    public boolean isRunning() {
        return follower.isRunning();
    }

    @Override
    public int getPhase() {
        return 0; // before the stream, the sink and the servers
    }
}
