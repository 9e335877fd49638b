package io.millrace.app.events;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.starter.topic.TopicCreation;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

@Configuration(proxyBeanMethods = false)
class EventsConfiguration {

    @Bean
    EventPublisher eventPublisher(
            KafkaTemplate<String, byte[]> kafka, EventsProperties properties, MeterRegistry meters) {
        return new EventPublisher(kafka, new RecentIds(properties.recentIds()), meters);
    }

    @Bean
    OwnTopics ownTopics(TopicCreation topics, KafkaTemplate<String, byte[]> kafka) {
        return new OwnTopics(topics, kafka);
    }
}
