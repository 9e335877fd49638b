package io.millrace.app.events;

import io.millrace.starter.topic.TopicCreation;
import io.millrace.wire.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Makes the topics that this service writes where nobody has yet, as soon as Kafka is there, and connects to them, so that
 * the first event does not wait for that. Events are kept for good, because features are computed from them anew;
 * prediction records as long as one can be looked up.
 */
class OwnTopics {

    private static final Logger log = LoggerFactory.getLogger(OwnTopics.class);

    private final TopicCreation topics;
    private final KafkaTemplate<String, byte[]> kafka;
    private boolean there;
    private boolean told;

    OwnTopics(TopicCreation topics, KafkaTemplate<String, byte[]> kafka) {
        this.topics = topics;
        this.kafka = kafka;
    }

    @Scheduled(fixedRate = 5000)
    synchronized void create() {
        if (there) {
            return;
        }
        try {
            topics.ensure(Topics.DECLARED);
            kafka.partitionsFor(Topics.EVENTS);
            kafka.partitionsFor(Topics.PREDICTIONS);
            there = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
