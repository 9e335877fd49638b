package io.millrace.feature.registry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.feature.FeatureMeter;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class RegistryConfiguration {

    /** Postgres may be away at start: the registry's own thread migrates, as soon as it can. */
    @Bean
    FlywayMigrationStrategy migrateLater() {
        return flyway -> {};
    }

    @Bean
    FeatureRegistry featureRegistry(
            DataSource dataSource,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Flyway flyway,
            RegistryProperties properties) {
        return new FeatureRegistry(
                new DefinitionsStore(dataSource, jdbc, new TransactionTemplate(transactions), flyway),
                new DefinitionsSnapshot(properties.state()),
                properties.pollInterval());
    }

    @Bean
    HealthIndicator definitions(FeatureRegistry registry) {
        return () -> registry.isLoaded()
                ? Health.up()
                        .withDetail(
                                "version",
                                registry.current().map(Definitions::version).orElse(0))
                        .build()
                : Health.outOfService()
                        .withDetail("reason", "Postgres cannot be reached and there is no snapshot of the definitions")
                        .build();
    }

    @Bean
    MeterBinder definitionsVersion(FeatureRegistry registry) {
        FeatureMeter meter = FeatureMeter.DEFINITIONS_VERSION;
        return meters -> Gauge.builder(
                        meter.meterName(),
                        registry,
                        each -> each.current().map(Definitions::version).orElse(0))
                .description(meter.description())
                .register(meters);
    }
}
