package io.millrace.app.application;

import io.millrace.app.pipeline.Neighbours;
import jakarta.persistence.EntityManagerFactory;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionOperations;

@Configuration(proxyBeanMethods = false)
class ApplicationConfiguration {

    /** Postgres may be away at start: the thread that follows it migrates, as soon as it can. */
    @Bean
    FlywayMigrationStrategy migrateLater() {
        return flyway -> {};
    }

    @Bean
    Applications applications(
            DataSource dataSource,
            Flyway flyway,
            EntityManagerFactory persistence,
            ApplicationVersions versions,
            TransactionOperations transactions,
            Neighbours neighbours,
            ApplicationProperties properties,
            InstantSource clock) {
        return new Applications(
                new VersionStore(dataSource, flyway, persistence, versions, transactions),
                new VersionSnapshot(properties.state()),
                neighbours,
                new WarmUp(properties.warmUpPredictions()),
                properties.pollInterval(),
                clock);
    }

    @Bean
    Publication publication(Applications applications, Neighbours neighbours) {
        return new Publication(applications, neighbours);
    }

    @Bean
    HealthIndicator applicationsHealthIndicator(Applications applications) {
        return () -> applications
                .unreadyBecause()
                .map(reason -> Health.outOfService().withDetail("reason", reason))
                .orElseGet(() -> Health.up().withDetail("applications", applications.count()))
                .build();
    }
}
