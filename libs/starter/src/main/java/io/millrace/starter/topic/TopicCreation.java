package io.millrace.starter.topic;

import io.millrace.wire.TopicDeclaration;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics of {@link Topics#DECLARED} that are missing, and never changes one that is there. */
public final class TopicCreation {

    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    private final Map<String, Object> connection;
    private final TopicProperties properties;

    /**
     * One that is connected only while it works.
     *
     * @param connection the settings of an admin client
     */
    public TopicCreation(Map<String, Object> connection, TopicProperties properties) {
        this.connection = new HashMap<>(connection);
        this.connection.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ATTEMPT.toMillis());
        this.connection.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ATTEMPT.toMillis() / 2);
        this.properties = properties;
    }

    /**
     * Returns when the broker knows all of these.
     *
     * @throws KafkaException if it is away or refuses; within a few seconds, so that one can try again
     */
    public void ensure(List<TopicDeclaration> declared) throws InterruptedException {
        Admin admin = Admin.create(connection);
        try {
            Set<String> there = admin.listTopics().names().get(ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
            List<NewTopic> missing = declared.stream()
                    .filter(each -> !there.contains(each.name()))
                    .map(this::topic)
                    .toList();
            for (var created : admin.createTopics(missing).values().values()) {
                awaitCreated(created);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the topics cannot be made", e);
        } finally {
            admin.close(Duration.ZERO); // without a limit it would wait for answers that nobody wants any more
        }
    }

    private static void awaitCreated(org.apache.kafka.common.KafkaFuture<Void> created)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            created.get(ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // another replica was faster
                throw e;
            }
        }
    }

    private NewTopic topic(TopicDeclaration declared) {
        return new NewTopic(
                        declared.name(),
                        Optional.of(declared.partitioned() ? properties.partitions() : 1),
                        properties.replication() < 0 ? Optional.empty() : Optional.of(properties.replication()))
                .configs(declared.settings());
    }
}
