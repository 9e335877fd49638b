package io.millrace.app.application;

import io.millrace.app.definition.InvalidDefinitionException;
import io.millrace.app.pipeline.Neighbours;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The applications in use. Finding one needs nothing but memory; a thread follows Postgres, and a file on disk stands in
 * for it at a start without it. A new version takes over between two requests.
 */
public final class Applications implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Applications.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final VersionStore store;
    private final VersionSnapshot snapshot;
    private final Neighbours neighbours;
    private final WarmUp warmUp;
    private final Duration pollInterval;
    private final InstantSource clock;
    private volatile Map<String, Application> active = Map.of();
    private volatile boolean loaded;
    private volatile @Nullable Thread follower;

    Applications(
            VersionStore store,
            VersionSnapshot snapshot,
            Neighbours neighbours,
            WarmUp warmUp,
            Duration pollInterval,
            InstantSource clock) {
        this.store = store;
        this.snapshot = snapshot;
        this.neighbours = neighbours;
        this.warmUp = warmUp;
        this.pollInterval = pollInterval;
        this.clock = clock;
    }

    /** The application of this name, in its newest version. */
    public Optional<Application> find(String name) {
        return Optional.ofNullable(active.get(name));
    }

    /** The names of all applications, sorted. */
    public List<String> names() {
        return active.keySet().stream().sorted().toList();
    }

    /**
     * The versions of an application, newest first.
     *
     * @throws StoreUnavailableException if Postgres cannot be reached
     */
    public List<Published> versions(String name) throws StoreUnavailableException {
        try {
            return store.all(Tenant.DEFAULT, name);
        } catch (DataAccessException | TransactionException e) {
            throw new StoreUnavailableException(e);
        }
    }

    /** Whether it is known which applications there are. */
    public boolean isLoaded() {
        return loaded;
    }

    /** Why this replica should not be asked yet, if it should not. */
    Optional<String> unreadyBecause() {
        if (!loaded) {
            return Optional.of("Postgres cannot be reached and there is no snapshot at " + snapshot.file());
        }
        return warmUp.isPending() ? Optional.of("the first predictions are being warmed up") : Optional.empty();
    }

    int count() {
        return active.size();
    }

    /**
     * Adds a version that was checked, and uses it from now on.
     *
     * @throws StoreUnavailableException if Postgres cannot be reached
     */
    Application put(String name, String definition, String sources) throws StoreUnavailableException {
        try {
            store.put(Tenant.DEFAULT, name, definition, sources, clock.instant());
            refresh();
        } catch (DataAccessException | TransactionException e) {
            throw new StoreUnavailableException(e);
        }
        return find(name).orElseThrow(() -> new IllegalStateException(name + " was stored and does not answer"));
    }

    private synchronized void refresh() {
        List<Version> newest = store.newest();
        boolean changed = activate(newest);
        loaded = true;
        if (changed) {
            try {
                snapshot.write(active.values().stream().map(Application::stored).toList());
            } catch (IOException e) {
                log.atWarn().addKeyValue("file", snapshot.file()).setCause(e).log("snapshot cannot be written");
            }
        }
    }

    private boolean activate(List<Version> newest) {
        Map<String, Application> next = new LinkedHashMap<>();
        for (Version version : newest) {
            Application current = active.get(version.name());
            Application application =
                    current != null && current.stored().equals(version) ? current : compile(version, current);
            if (application != null) {
                next.put(version.name(), application);
            }
        }
        Map<String, Application> before = active;
        active = Map.copyOf(next);
        next.values().stream()
                .filter(application -> before.get(application.name()) != application)
                .forEach(warmUp::start);
        return !active.equals(before);
    }

    private @Nullable Application compile(Version version, @Nullable Application current) {
        try {
            Application application = Application.of(version, neighbours);
            log.atInfo()
                    .addKeyValue("application", version.name())
                    .addKeyValue("version", version.version())
                    .log("application ready");
            return application;
        } catch (InvalidDefinitionException e) {
            // written by another release of this service; what answered so far goes on
            log.atError()
                    .addKeyValue("application", version.name())
                    .addKeyValue("version", version.version())
                    .setCause(e)
                    .log("version cannot be used");
            return current;
        }
    }

    @Override
    public void start() {
        snapshot.read().ifPresent(versions -> {
            activate(versions);
            loaded = true;
        });
        follower = Thread.ofPlatform().daemon().name("applications").start(this::follow);
    }

    private void follow() {
        boolean away = false;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                store.migrate();
                away = false;
                store.onEveryChange(pollInterval, this::refresh);
            } catch (SQLException | DataAccessException | TransactionException | FlywayException e) {
                if (!away && follower != null) {
                    log.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("Postgres is away; the applications stay as they are");
                }
                away = true;
            }
            if (!pause()) {
                return;
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void stop() {
        Thread running = follower;
        follower = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return follower != null;
    }
}
