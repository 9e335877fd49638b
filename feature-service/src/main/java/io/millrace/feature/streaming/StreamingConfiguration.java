package io.millrace.feature.streaming;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.feature.ConditionalOnRole;
import io.millrace.feature.ConditionalOnRole.Role;
import io.millrace.feature.FeatureMeter;
import io.millrace.feature.online.OnlineStore;
import io.millrace.feature.registry.FeatureRegistry;
import io.millrace.feature.registry.RegistryProperties;
import io.millrace.starter.topic.TopicCreation;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;

@Configuration(proxyBeanMethods = false)
class StreamingConfiguration {

    @Bean
    StreamMetrics streamMetrics(MeterRegistry meters) {
        return new StreamMetrics(meters);
    }

    @Bean
    @ConditionalOnRole(Role.STREAM)
    FeatureStream featureStream(
            FeatureRegistry registry,
            KafkaAdmin admin,
            TopicCreation topics,
            RegistryProperties paths,
            StreamingProperties properties,
            StreamMetrics metrics,
            MeterRegistry meters) {
        Map<String, Object> connection = Map.copyOf(admin.getConfigurationProperties());
        FeatureStream stream = new FeatureStream(
                () -> registry.current().orElse(null),
                new FeatureTopics(topics, connection),
                connection,
                paths.state().resolve("streams"),
                properties,
                metrics);
        registry.onChange(definitions -> stream.definitionsChanged());
        Gauge.builder(FeatureMeter.STREAM_RUNNING.meterName(), stream, each -> each.isUp() ? 1 : 0)
                .description(FeatureMeter.STREAM_RUNNING.description())
                .register(meters);
        return stream;
    }

    @Bean
    @ConditionalOnRole(Role.STREAM)
    FeatureRowSink featureRowSink(
            ConsumerFactory<?, ?> consumers, OnlineStore store, KafkaTemplate<?, ?> kafka, StreamMetrics metrics) {
        @SuppressWarnings("unchecked") // application.yml says so
        KafkaTemplate<byte[], byte[]> bytes = (KafkaTemplate<byte[], byte[]>) kafka;
        return new FeatureRowSink(bytes(consumers), store, new DeadLetters(bytes), metrics);
    }

    @Bean
    @ConditionalOnRole(Role.OFFLINE)
    EventReplay eventReplay(ConsumerFactory<?, ?> consumers, StreamingProperties properties) {
        return new EventReplay(bytes(consumers), properties.maxFuture());
    }

    private static ConsumerFactory<byte[], byte[]> bytes(ConsumerFactory<?, ?> configured) {
        Map<String, Object> settings = new HashMap<>(configured.getConfigurationProperties());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
        return new DefaultKafkaConsumerFactory<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
