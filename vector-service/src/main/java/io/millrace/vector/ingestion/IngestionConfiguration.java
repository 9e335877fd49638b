package io.millrace.vector.ingestion;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.starter.topic.TopicCreation;
import io.millrace.vector.ConditionalOnRole;
import io.millrace.vector.ConditionalOnRole.Role;
import io.millrace.vector.collection.Collections;
import io.millrace.vector.collection.Generations;
import io.millrace.vector.embedding.EmbeddingModels;
import java.time.InstantSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaOperations;

@Configuration(proxyBeanMethods = false)
class IngestionConfiguration {

    @Bean
    PointsConsumer pointsConsumer(
            ConsumerFactory<byte[], byte[]> consumers,
            KafkaOperations<byte[], byte[]> kafka,
            TopicCreation topics,
            Collections collections,
            Generations generations,
            MeterRegistry meters,
            IngestionProperties properties,
            InstantSource clock) {
        return new PointsConsumer(
                consumers,
                topics,
                collections,
                generations,
                new DeadLetters(kafka),
                new IngestionMetrics(meters),
                properties,
                clock);
    }

    @Bean
    @ConditionalOnRole(Role.WRITE)
    RowEmbedder rowEmbedder(
            ConsumerFactory<byte[], byte[]> consumers,
            KafkaOperations<byte[], byte[]> kafka,
            Collections collections,
            Generations generations,
            EmbeddingModels models,
            PointsConsumer points,
            IngestionProperties properties,
            MeterRegistry meters,
            InstantSource clock) {
        return new RowEmbedder(
                consumers,
                kafka,
                collections,
                generations,
                models,
                points,
                new DeadLetters(kafka),
                properties.embeddingBatch(),
                meters,
                clock);
    }

    @Bean
    HealthIndicator ingestionHealthIndicator(PointsConsumer consumer) {
        return () -> switch (consumer.state()) {
            case IngestionState.CaughtUp() -> Health.up().build();
            case IngestionState.CatchingUp(long behind) ->
                Health.outOfService()
                        .withDetail("reason", "points are being read")
                        .withDetail("behind", behind)
                        .build();
            case IngestionState.BrokerAway(String cause, boolean searchable) ->
                (searchable ? Health.up() : Health.outOfService())
                        .withDetail("reason", "Kafka is away" + (searchable ? "" : " and there is no index on disk"))
                        .withDetail("cause", cause)
                        .build();
            case IngestionState.Failed(String cause) ->
                Health.down().withDetail("reason", cause).build();
        };
    }
}
