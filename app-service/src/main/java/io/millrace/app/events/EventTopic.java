package io.millrace.app.events;

import io.millrace.wire.Topics;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Makes the topic of the events where nobody has yet, as soon as Kafka is there, and connects to it, so that the first
 * event does not wait for that. Its events are kept for good, because features are computed from them anew.
 */
class EventTopic {

    private static final Logger log = LoggerFactory.getLogger(EventTopic.class);
    private static final int PARTITIONS = 3;

    private final KafkaAdmin admin;
    private final KafkaTemplate<String, byte[]> kafka;
    private boolean there;
    private boolean told;

    EventTopic(KafkaAdmin admin, KafkaTemplate<String, byte[]> kafka) {
        this.admin = admin;
        this.kafka = kafka;
    }

    @Scheduled(fixedRate = 5000)
    synchronized void create() {
        if (there) {
            return;
        }
        NewTopic topic = TopicBuilder.name(Topics.EVENTS)
                .partitions(PARTITIONS)
                .config(TopicConfig.RETENTION_MS_CONFIG, "-1")
                .build();
        try {
            admin.createOrModifyTopics(topic);
            kafka.partitionsFor(Topics.EVENTS);
            there = true;
        } catch (KafkaException | org.apache.kafka.common.KafkaException e) {
            if (!told) {
                log.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .log("Kafka is away; events are refused until it is back");
            }
            told = true;
        }
    }
}
