package io.millrace.feature.streaming;

import io.millrace.starter.topic.TopicCreation;
import io.millrace.wire.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics of the stream: those it reads and writes are made where they are missing, those of its former selves removed. */
final class FeatureTopics {

    /** What the stream's application ids start with; the hash of its definitions follows. */
    static final String APPLICATION = "millrace-feature-";

    private static final Logger log = LoggerFactory.getLogger(FeatureTopics.class);
    private static final Pattern INTERNAL =
            Pattern.compile("(" + APPLICATION + "[0-9a-f]{12})-.*-(changelog|repartition)");

    /** While the broker is away an attempt is to fail soon, so that one after its return comes soon. */
    private static final Map<String, Object> QUICK = Map.of(
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5000, AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2500);

    private final TopicCreation creation;
    private final Map<String, Object> kafka;

    FeatureTopics(TopicCreation creation, Map<String, Object> kafka) {
        this.creation = creation;
        this.kafka = new HashMap<>(kafka);
        this.kafka.putAll(QUICK);
    }

    /**
     * Makes the declared topics that are missing.
     *
     * @throws KafkaException if the broker is away
     */
    void ensure() throws InterruptedException {
        creation.ensure(Topics.DECLARED);
    }

    /** Removes what streams of other definitions have left in Kafka; what is still in use stays for the next time. */
    void removeInternalOfOthers(String applicationId) {
        try (Admin client = Admin.create(kafka)) {
            Set<String> names = client.listTopics().names().get();
            Set<String> others = names.stream()
                    .map(INTERNAL::matcher)
                    .filter(Matcher::matches)
                    .map(match -> match.group(1))
                    .filter(other -> !other.equals(applicationId))
                    .collect(Collectors.toSet());
            for (String other : others) {
                forget(client, other); // first: positions without state would be a stream that has forgotten the past
                client.deleteTopics(names.stream()
                                .filter(name -> name.startsWith(other + "-"))
                                .toList())
                        .all()
                        .get();
                log.atInfo().addKeyValue("application_id", other).log("former stream removed");
            }
        } catch (ExecutionException e) {
            log.atInfo().addKeyValue("cause", e.getMessage()).log("a former stream is still in use and stays");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Admin client, String group) throws ExecutionException, InterruptedException {
        try {
            client.deleteConsumerGroups(List.of(group)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw e;
            }
        }
    }
}
