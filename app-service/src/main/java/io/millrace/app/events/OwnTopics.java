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
 * Makes the topics that this service writes where nobody has yet, as soon as Kafka is there, and connects to them, so that
 * the first event does not wait for that. Events are kept for good, because features are computed from them anew;
 * prediction records as long as one can be looked up.
 */
class OwnTopics {

    private static final Logger log = LoggerFactory.getLogger(OwnTopics.class);
    private static final int PARTITIONS = 3;
    private static final String WEEK_MILLIS = "604800000";

    private final KafkaAdmin admin;
    private final KafkaTemplate<String, byte[]> kafka;
    private boolean there;
    private boolean told;

    OwnTopics(KafkaAdmin admin, KafkaTemplate<String, byte[]> kafka) {
        this.admin = admin;
        this.kafka = kafka;
    }

    @Scheduled(fixedRate = 5000)
    synchronized void create() {
        if (there) {
            return;
        }
        try {
            admin.createOrModifyTopics(
                    topic(Topics.EVENTS, "-1"),
                    topic(Topics.PREDICTIONS, WEEK_MILLIS),
                    topic(Topics.deadLetters(Topics.PREDICTIONS), "-1"));
            kafka.partitionsFor(Topics.EVENTS);
            kafka.partitionsFor(Topics.PREDICTIONS);
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

    private static NewTopic topic(String name, String retentionMillis) {
        return TopicBuilder.name(name)
                .partitions(PARTITIONS)
                .config(TopicConfig.RETENTION_MS_CONFIG, retentionMillis)
                .build();
    }
}
