package io.millrace.feature.registry;

import io.millrace.feature.FeatureException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The definitions in Postgres, which has every version and says so when there is a new one. */
final class DefinitionsStore {

    private static final String CHANNEL = "feature_definitions";

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Flyway flyway;

    DefinitionsStore(DataSource dataSource, JdbcClient jdbc, TransactionTemplate transactions, Flyway flyway) {
        this.dataSource = dataSource;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.flyway = flyway;
    }

    /** Creates or updates the schema. */
    void migrate() {
        flyway.migrate();
    }

    /** The newest version. */
    Optional<Definitions> latest(String tenant) {
        return jdbc.sql("""
                        select version, definition from feature.feature_definitions
                        where tenant = :tenant order by version desc limit 1""")
                .param("tenant", tenant)
                .query((row, number) ->
                        DefinitionsParser.parse(tenant, row.getInt("version"), row.getString("definition")))
                .optional();
    }

    /**
     * Makes these the newest version, or changes nothing where they are already.
     *
     * @throws FeatureException.Conflict if the tenant's project has another name
     */
    Definitions put(Definitions sent) {
        return java.util.Objects.requireNonNull(transactions.execute(status -> {
            jdbc.sql("select pg_advisory_xact_lock(hashtext('feature_definitions'))")
                    .query((row, number) -> 0)
                    .single();
            Optional<Definitions> latest = latest(sent.tenant());
            if (latest.isPresent() && latest.get().hash().equals(sent.hash())) {
                return latest.get();
            }
            if (latest.isPresent() && !latest.get().project().equals(sent.project())) {
                throw new FeatureException.Conflict("the project is "
                        + latest.get().project() + "; its name is in every key of the online store and cannot change");
            }
            int version = latest.map(Definitions::version).orElse(0) + 1;
            jdbc.sql("""
                            insert into feature.feature_definitions (tenant, version, project, sha256, definition)
                            values (:tenant, :version, :project, :sha256, :definition)""")
                    .param("tenant", sent.tenant())
                    .param("version", version)
                    .param("project", sent.project())
                    .param("sha256", sent.hash())
                    .param("definition", sent.text())
                    .update();
            jdbc.sql("select pg_notify('" + CHANNEL + "', :tenant)")
                    .param("tenant", sent.tenant())
                    .query((row, number) -> 0)
                    .single();
            return DefinitionsParser.parse(sent.tenant(), version, sent.text());
        }));
    }

    /** Does this now, and again after each notice of a change, or without one after a while, as long as it is wanted. */
    void onEveryChange(Duration atLatest, BooleanSupplier isWanted, Runnable refresh) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            try (var listen = connection.createStatement()) {
                listen.execute("listen " + CHANNEL);
            }
            PGConnection notices = connection.unwrap(PGConnection.class);
            while (isWanted.getAsBoolean()) {
                refresh.run();
                notices.getNotifications(Math.toIntExact(atLatest.toMillis()));
            }
        }
    }
}
