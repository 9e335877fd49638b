package io.millrace.feature;

/** Every meter of feature-service; {@code docs/metrics.md} explains them. */
public enum FeatureMeter {
    LOOKUP("millrace.feature.lookup", "Feature values read online, by status"),
    LOOKUP_TIME("millrace.feature.lookup.time", "Time of an online read, all its entities together"),
    EVENTS("millrace.feature.stream.events", "Events that the stream has read, by outcome"),
    STREAM_RUNNING("millrace.feature.stream.running", "1 while the stream turns events into rows, else 0"),
    ROWS("millrace.feature.sink.rows", "Feature rows offered to the online store, by outcome"),
    REPLAYS("millrace.feature.sink.replays", "Times the online store was found empty and filled again"),
    DEFINITIONS_VERSION("millrace.feature.definitions.version", "Version of the feature definitions in use"),
    TRAINING_ROWS("millrace.feature.training.rows", "Rows of training sets"),
    TRAINING_TIME("millrace.feature.training.time", "Time to make a training set");

    private final String meterName;
    private final String description;

    FeatureMeter(String meterName, String description) {
        this.meterName = meterName;
        this.description = description;
    }

    /** The name, as Micrometer has it. */
    public String meterName() {
        return meterName;
    }

    /** One sentence on what is counted. */
    public String description() {
        return description;
    }
}
