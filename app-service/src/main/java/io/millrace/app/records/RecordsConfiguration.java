package io.millrace.app.records;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;

@Configuration(proxyBeanMethods = false)
class RecordsConfiguration {

    @Bean
    RecordMetrics recordMetrics(MeterRegistry meters) {
        return new RecordMetrics(meters);
    }

    @Bean
    RecordTopic recordTopic(KafkaTemplate<String, byte[]> kafka) {
        return new RecordTopic(kafka);
    }

    @Bean
    RecordLog recordLog(
            @Value("${millrace.app.state:.millrace/app}") Path state,
            RecordsProperties properties,
            RecordMetrics metrics)
            throws IOException {
        RecordLog log = RecordLog.open(
                state.resolve("records"),
                properties.fileBytes(),
                properties.maxLog().toBytes(),
                properties.whenFull());
        metrics.watch(log, RecordLog::waitingBytes);
        return log;
    }

    @Bean
    PredictionRecords predictionRecords(
            RecordLog log, RecordTopic topic, RecordMetrics metrics, RecordsProperties properties) {
        return new PredictionRecords(properties.queue(), log, topic, metrics, properties.force());
    }

    @Bean
    RecordStore recordStore(JdbcTemplate jdbc) {
        return new RecordStore(jdbc);
    }

    @Bean
    RecordReader recordReader(
            ConsumerFactory<String, byte[]> consumers,
            RecordStore store,
            RecordTopic topic,
            RecordMetrics metrics,
            RecordsProperties properties) {
        return new RecordReader(consumers, properties.group(), store, topic, metrics);
    }

    @Bean
    RecordPurge recordPurge(RecordStore store, RecordsProperties properties, InstantSource clock) {
        return new RecordPurge(store, properties.keep(), clock);
    }
}
