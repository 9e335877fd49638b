package io.millrace.vector.collection;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.vector.VectorMeter;
import io.millrace.vector.engine.LuceneEngine;
import io.millrace.vector.engine.SearchThreads;
import java.time.InstantSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class CollectionConfiguration {

    private static final Logger log = LoggerFactory.getLogger(CollectionConfiguration.class);

    /** The store migrates, when Postgres is there. */
    @Bean
    FlywayMigrationStrategy migrateLater() {
        return flyway -> {};
    }

    @Bean
    Collections collections(JdbcClient jdbc, Flyway flyway, JsonMapper json, CollectionProperties properties) {
        return new Collections(
                new CollectionStore(jdbc, flyway, json),
                new CollectionFile(properties.data().resolve("collections.json"), json),
                properties.collectionPoll());
    }

    @Bean
    Generations generations(CollectionProperties properties, InstantSource clock) {
        return new Generations(
                properties.data().resolve("points"),
                new LuceneEngine(properties.exactUpTo(), properties.defaultEf()),
                properties.retireAfter(),
                properties.maxGenerations(),
                clock);
    }

    @Bean
    SearchThreads searchThreads(CollectionProperties properties, MeterRegistry meters) {
        SearchThreads threads = new SearchThreads(
                properties.searchThreads() == 0
                        ? Runtime.getRuntime().availableProcessors()
                        : properties.searchThreads(),
                properties.searchQueue());
        Gauge.builder(VectorMeter.SEARCH_QUEUE.meterName(), threads, SearchThreads::waiting)
                .description(VectorMeter.SEARCH_QUEUE.description())
                .register(meters);
        boolean vectorized = LuceneEngine.vectorized();
        Gauge.builder(VectorMeter.VECTORIZED.meterName(), () -> vectorized ? 1 : 0)
                .description(VectorMeter.VECTORIZED.description())
                .register(meters);
        if (vectorized) {
            log.atInfo().log("distances use SIMD instructions");
        } else {
            log.atWarn()
                    .log("distances are computed without SIMD instructions, searches are several times slower:"
                            + " run with --add-modules jdk.incubator.vector and without -XX:TieredStopAtLevel=1");
        }
        return threads;
    }

    @Bean
    HealthIndicator collectionsHealthIndicator(Collections collections) {
        return () -> collections.loaded()
                ? Health.up()
                        .withDetail("collections", collections.all().size())
                        .build()
                : Health.outOfService()
                        .withDetail(
                                "reason", "collections are not known: Postgres is away and there is no copy on disk")
                        .build();
    }
}
