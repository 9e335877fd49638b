package io.millrace.local.supervision;

import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of Millrace on one broker. */
final class KafkaTopics {

    static final int PARTITIONS = 3;

    private KafkaTopics() {}

    /** Creates those that are not there. Returns when the broker knows them all, which also says that it serves. */
    static void create(String bootstrap) throws InterruptedException {
        Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        try {
            for (var created : admin.createTopics(all()).values().values()) {
                try {
                    created.get(60, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new KafkaException("cannot create the topics", e.getCause());
                    }
                } catch (TimeoutException e) {
                    throw new KafkaException("the broker does not answer", e);
                }
            }
        } finally {
            admin.close(Duration.ZERO); // without a limit it would wait for answers that nobody wants any more
        }
    }

    private static List<NewTopic> all() {
        return Topics.DECLARED.stream()
                .map(each -> new NewTopic(each.name(), each.partitioned() ? PARTITIONS : 1, (short) 1)
                        .configs(each.settings()))
                .toList();
    }
}
