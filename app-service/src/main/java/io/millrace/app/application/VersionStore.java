package io.millrace.app.application;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.SchemaValidationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.PGConnection;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The versions in Postgres, which has all of them and says so when there is a new one. Every method fails with a {@code
 * DataAccessException}, a {@code TransactionException} or, of Flyway, a {@code FlywayException} while Postgres is away.
 */
final class VersionStore {

    private final DataSource dataSource;
    private final Flyway flyway;
    private final EntityManagerFactory persistence;
    private final ApplicationVersions versions;
    private final TransactionOperations transactions;

    VersionStore(
            DataSource dataSource,
            Flyway flyway,
            EntityManagerFactory persistence,
            ApplicationVersions versions,
            TransactionOperations transactions) {
        this.dataSource = dataSource;
        this.flyway = flyway;
        this.persistence = persistence;
        this.versions = versions;
        this.transactions = transactions;
    }

    /** Creates or updates the schema, and makes sure that it is the one this release knows. */
    void migrate() {
        flyway.migrate();
        try {
            persistence.getSchemaManager().validate();
        } catch (SchemaValidationException e) {
            throw new InvalidDataAccessResourceUsageException("the schema is not this release's: " + e.getMessage(), e);
        }
    }

    /** The newest version of each application. */
    List<Version> newest() {
        return versions.findNewest().stream().map(ApplicationVersion::toVersion).toList();
    }

    /** The versions of an application, newest first. */
    List<Published> all(String tenant, String name) {
        return versions.findAll(tenant, name);
    }

    /** Adds a version, and tells every replica; nothing changes where the newest one is the same. */
    Version put(String tenant, String name, String definition, String sources, Instant now) {
        return Objects.requireNonNull(transactions.execute(_ -> {
            versions.lock();
            String hash = Version.hash(definition, sources);
            Version newest = versions.findFirstByKeyTenantAndKeyNameOrderByKeyVersionDesc(tenant, name)
                    .map(ApplicationVersion::toVersion)
                    .orElse(null);
            if (newest != null && newest.hash().equals(hash)) {
                return newest;
            }
            int number = newest == null ? 1 : newest.version() + 1;
            Version added = new Version(tenant, name, number, hash, definition, sources, now);
            versions.save(ApplicationVersion.of(added));
            versions.announce(name);
            return added;
        }));
    }

    /** Does this now, again after each announcement, and without one after a while, until the thread is interrupted. */
    void onEveryChange(Duration atLatest, Runnable refresh) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            try (var listen = connection.createStatement()) {
                listen.execute("listen application_version");
            }
            PGConnection notices = connection.unwrap(PGConnection.class);
            while (!Thread.currentThread().isInterrupted()) {
                refresh.run();
                notices.getNotifications(Math.toIntExact(atLatest.toMillis()));
            }
        }
    }
}
