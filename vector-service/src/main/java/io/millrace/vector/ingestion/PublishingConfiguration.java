package io.millrace.vector.ingestion;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaOperations;

@Configuration(proxyBeanMethods = false)
class PublishingConfiguration {

    @Bean
    PointPublisher pointPublisher(KafkaOperations<byte[], byte[]> kafka) {
        return new PointPublisher(kafka);
    }
}
