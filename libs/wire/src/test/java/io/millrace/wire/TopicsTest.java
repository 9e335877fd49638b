package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicsTest {

    @Test
    void eachTopicHasOneForItsDeadLetters() {
        assertThat(Topics.DECLARED)
                .extracting(TopicDeclaration::name)
                .contains(Topics.EVENTS)
                .doesNotHaveDuplicates();
        assertThat(Topics.DECLARED)
                .filteredOn(TopicDeclaration::partitioned)
                .allSatisfy(topic -> assertThat(Topics.DECLARED)
                        .extracting(TopicDeclaration::name)
                        .contains(Topics.deadLetters(topic.name())));
    }

    @Test
    void deadLettersHaveRoomForTheLargestRecordAndTheReason() {
        assertThat(Topics.DECLARED)
                .filteredOn(topic -> topic.name().endsWith(".dlq"))
                .isNotEmpty()
                .allSatisfy(topic -> assertThat(topic.settings()).containsEntry("max.message.bytes", "2097152"));
    }
}
