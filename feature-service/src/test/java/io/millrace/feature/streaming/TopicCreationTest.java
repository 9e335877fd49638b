package io.millrace.feature.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.starter.topic.TopicCreation;
import io.millrace.starter.topic.TopicProperties;
import io.millrace.testing.Infra;
import io.millrace.wire.TopicDeclaration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.Test;

class TopicCreationTest {

    private static final Map<String, Object> BROKER = Map.of("bootstrap.servers", Infra.kafkaBootstrap());
    private static final List<TopicDeclaration> DECLARED = List.of(
            new TopicDeclaration("creation.v1", true, Map.of("cleanup.policy", "compact")),
            new TopicDeclaration("creation.v1.dlq", false, Map.of()));

    @Test
    void makesWhatIsMissingAndNeverChangesWhatIsThere() throws Exception {
        new TopicCreation(BROKER, new TopicProperties(5, (short) -1)).ensure(DECLARED);
        assertThat(partitions("creation.v1")).isEqualTo(5);
        assertThat(partitions("creation.v1.dlq")).isEqualTo(1);

        new TopicCreation(BROKER, new TopicProperties(7, (short) 1)).ensure(DECLARED);
        assertThat(partitions("creation.v1"))
                .as("another number would send keys elsewhere")
                .isEqualTo(5);
    }

    private static int partitions(String topic) throws Exception {
        try (Admin admin = Admin.create(BROKER)) {
            TopicDescription description = Objects.requireNonNull(admin.describeTopics(List.of(topic))
                            .topicNameValues()
                            .get(topic))
                    .get();
            return description.partitions().size();
        }
    }
}
