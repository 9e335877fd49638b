package io.millrace.wire;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Kafka topics. A name ends in the version of what it carries. */
public final class Topics {

    /**
     * {@link Event}s, keyed by {@link Event#key}: those with the same first entity are in one partition, and so in the
     * order in which they were accepted; of others no order is promised. What an aggregation keeps by time does not depend
     * on it, and of two events with the same time the one of the higher partition and offset counts as later.
     */
    public static final String EVENTS = "millrace.events.v1";

    /** {@link FeatureRow}s, compacted, keyed by online store key and feature view. */
    public static final String FEATURE_ROWS = "millrace.feature-rows.v1";

    /** {@link Point}s, compacted, keyed by {@link Point#key()}; a tombstone deletes the point. */
    public static final String POINTS = "millrace.points.v1";

    /** {@link PredictionRecord}s, keyed by tenant and prediction id. */
    public static final String PREDICTIONS = "millrace.predictions.v1";

    private static final String MEGABYTES_2 = Integer.toString(2 << 20);

    /**
     * For good: events are replayed for training sets and for what the online store has lost. The time of ingestion is the
     * broker's, so that no sender's clock decides what is late, repeated or from the future.
     */
    private static final Map<String, String> KEPT =
            Map.of("retention.ms", "-1", "message.timestamp.type", "LogAppendTime");

    /** As long as a prediction can be looked up. */
    private static final Map<String, String> WEEK = Map.of("retention.ms", "604800000");

    private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

    /** For good, and with room for the largest record of another topic together with the reason. */
    private static final Map<String, String> LETTERS = Map.of("retention.ms", "-1", "max.message.bytes", MEGABYTES_2);

    /** All topics, each with the one for its dead letters: the only place that says how they are made. */
    public static final List<TopicDeclaration> DECLARED = List.of(
                    new TopicDeclaration(EVENTS, true, KEPT),
                    new TopicDeclaration(FEATURE_ROWS, true, COMPACTED),
                    new TopicDeclaration(POINTS, true, COMPACTED),
                    new TopicDeclaration(PREDICTIONS, true, WEEK))
            .stream()
            .flatMap(topic -> Stream.of(topic, new TopicDeclaration(deadLetters(topic.name()), false, LETTERS)))
            .toList();

    private Topics() {}

    /** The topic that keeps what a consumer of {@code topic} could not read, with the original bytes and the reason. */
    public static String deadLetters(String topic) {
        return topic + ".dlq";
    }
}
