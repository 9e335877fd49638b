package io.millrace.wire;

/** The Kafka topics. A name ends in the version of what it carries. */
public final class Topics {

    /** {@link Event}s, keyed by tenant and first entity. */
    public static final String EVENTS = "millrace.events.v1";

    /** {@link FeatureRow}s, compacted, keyed by online store key and feature view. */
    public static final String FEATURE_ROWS = "millrace.feature-rows.v1";

    /** {@link Point}s, compacted, keyed by {@link Point#key()}; a tombstone deletes the point. */
    public static final String POINTS = "millrace.points.v1";

    /** {@link PredictionRecord}s, keyed by tenant and prediction id. */
    public static final String PREDICTIONS = "millrace.predictions.v1";

    private Topics() {}

    /** The topic that keeps what a consumer of {@code topic} could not read, with the original bytes and the reason. */
    public static String deadLetters(String topic) {
        return topic + ".dlq";
    }
}
