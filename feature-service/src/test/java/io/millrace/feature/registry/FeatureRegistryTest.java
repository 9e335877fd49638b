package io.millrace.feature.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.feature.FeatureException;
import io.millrace.testing.Infra;
import io.millrace.testing.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class FeatureRegistryTest {

    private static final Duration NEVER = Duration.ofHours(1); // only a notice brings news
    private static final String TEXT = """
            project: shop
            entities: [{name: item, value_type: STRING}]
            feature_views:
              - name: popularity
                entity: item
                features: [{name: purchases_7d, function: count, types: [purchase], time_window: 7d, dtype: Int64}]
            """;

    @TempDir
    private Path folder;

    private final List<FeatureRegistry> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(FeatureRegistry::stop);
    }

    @Test
    void countsVersionsByContentAndTellsTheOtherReplicas() {
        Postgres postgres = Infra.postgres();
        FeatureRegistry one = start(postgres, "one");
        FeatureRegistry other = start(postgres, "other");
        List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
        other.onChange(definitions -> heard.add(definitions.version()));
        await().until(() -> one.isLoaded() && other.isLoaded());
        assertThatThrownBy(one::require).isInstanceOf(FeatureException.UnknownFeature.class);

        assertThat(one.put(TEXT).version()).isEqualTo(1);
        assertThat(one.put(TEXT).version()).isEqualTo(1);
        assertThat(other.put(TEXT.replace("7d", "8d")).version()).isEqualTo(2);
        await().until(() -> one.require().version() == 2);
        assertThat(one.put(TEXT).version()).isEqualTo(3);

        await().untilAsserted(() -> assertThat(heard).endsWith(3));
        assertThat(other.require().hash()).isEqualTo(one.require().hash());
    }

    @Test
    void twoThatPutAtTheSameTimeGetTwoVersionsAndAllReplicasTheLater() throws Exception {
        Postgres postgres = Infra.postgres();
        FeatureRegistry one = start(postgres, "one");
        FeatureRegistry other = start(postgres, "other");
        await().until(() -> one.isLoaded() && other.isLoaded());
        List<Integer> versions = Collections.synchronizedList(new ArrayList<>());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int days = 1; days <= 10; days++) {
                String text = TEXT.replace("7d", 100 + days + "d");
                FeatureRegistry registry = days % 2 == 0 ? one : other;
                threads.submit(() -> versions.add(registry.put(text).version()));
            }
        }

        assertThat(versions).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        await().untilAsserted(() -> {
            assertThat(one.require().version()).isEqualTo(10);
            assertThat(other.require().hash()).isEqualTo(one.require().hash());
        });
    }

    @Test
    void findsAChangeWhoseNoticeWasLost() {
        Postgres postgres = Infra.postgres();
        FeatureRegistry registry = start(postgres, "one", Duration.ofMillis(200));
        await().until(registry::isLoaded);
        registry.put(TEXT);

        jdbc(postgres)
                .sql("""
                        insert into feature.feature_definitions (tenant, version, project, sha256, definition)
                        values ('default', 2, 'shop', :sha256, :definition)""")
                .param("sha256", "0".repeat(64))
                .param("definition", TEXT.replace("7d", "9d"))
                .update();
        await().until(() -> registry.require().version() == 2);
    }

    @Test
    void believesAPostgresThatWasPutBackToAnOlderState() {
        Postgres before = Infra.postgres();
        FeatureRegistry registry = start(before, "one");
        await().until(registry::isLoaded);
        registry.put(TEXT);
        registry.put(TEXT.replace("7d", "8d"));
        registry.stop();

        FeatureRegistry after = start(Infra.postgres(), "one"); // its snapshot has version 2, Postgres nothing
        assertThat(after.require().version()).isEqualTo(2);
        await().until(() -> putWorks(after, TEXT.replace("7d", "9d")));
        assertThat(after.require().version()).isEqualTo(1);
        assertThat(after.require().text()).contains("9d");
    }

    private static boolean putWorks(FeatureRegistry registry, String text) {
        try {
            registry.put(text);
            return true;
        } catch (FeatureException.RegistryUnavailable e) {
            return false; // not migrated yet
        }
    }

    private static JdbcClient jdbc(Postgres postgres) {
        return JdbcClient.create(
                new DriverManagerDataSource(postgres.jdbcUrl(), postgres.username(), postgres.password()));
    }

    @Test
    void keepsTheProjectsName() {
        FeatureRegistry registry = start(Infra.postgres(), "one");
        await().until(registry::isLoaded);
        registry.put(TEXT);

        assertThatThrownBy(() -> registry.put(TEXT.replace("project: shop", "project: other")))
                .isInstanceOf(FeatureException.Conflict.class)
                .hasMessageContaining("the project is shop");
    }

    @Test
    void servesFromItsSnapshotWherePostgresIsAway() {
        FeatureRegistry before = start(Infra.postgres(), "one");
        await().until(before::isLoaded);
        before.put(TEXT);
        before.stop();

        FeatureRegistry after = start(nowhere(), "one");

        assertThat(after.isLoaded()).isTrue();
        assertThat(after.require().version()).isEqualTo(1);
        assertThat(after.require().view("popularity")).isPresent();
        assertThatThrownBy(() -> after.put(TEXT.replace("7d", "9d")))
                .isInstanceOf(FeatureException.RegistryUnavailable.class);
        assertThat(after.require().version()).isEqualTo(1);
    }

    @Test
    void isNotLoadedWithoutPostgresAndSnapshotOrWithADamagedOne() throws IOException {
        assertThat(start(nowhere(), "none").isLoaded()).isFalse();

        Path damaged = Files.createDirectories(folder.resolve("damaged")).resolve("definitions.yaml");
        Files.writeString(damaged, "# millrace tenant=default version=1 sha256=" + "0".repeat(64) + "\n" + TEXT);
        assertThat(start(nowhere(), "damaged").isLoaded()).isFalse();
    }

    private static Postgres nowhere() {
        return new Postgres("jdbc:postgresql://127.0.0.1:1/none", "none", "none");
    }

    private FeatureRegistry start(Postgres postgres, String replica) {
        return start(postgres, replica, NEVER);
    }

    private FeatureRegistry start(Postgres postgres, String replica, Duration pollInterval) {
        var dataSource = new DriverManagerDataSource(postgres.jdbcUrl(), postgres.username(), postgres.password());
        Flyway flyway = Flyway.configure()
                .dataSource(dataSource)
                .defaultSchema("feature")
                .createSchemas(true)
                .load();
        FeatureRegistry registry = new FeatureRegistry(
                new DefinitionsStore(
                        dataSource,
                        JdbcClient.create(dataSource),
                        new TransactionTemplate(new JdbcTransactionManager(dataSource)),
                        flyway),
                new DefinitionsSnapshot(folder.resolve(replica)),
                pollInterval);
        registry.start();
        started.add(registry);
        return registry;
    }
}
