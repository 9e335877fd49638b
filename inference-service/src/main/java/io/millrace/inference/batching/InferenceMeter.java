package io.millrace.inference.batching;

/** The meters of this service. Each has the tags {@code model} and {@code version}. */
public enum InferenceMeter {
    REQUESTS("millrace.inference.requests", "Requests, by outcome"),
    QUEUE_WAIT("millrace.inference.queue.wait", "How long a request waited for a batch slot"),
    QUEUE_ROWS("millrace.inference.queue.rows", "Rows that wait for a batch slot now"),
    BATCH_SIZE("millrace.inference.batch.size", "Rows that ran together"),
    COMPUTE("millrace.inference.compute", "How long the engine needed for a batch");

    private final String meterName;
    private final String description;

    InferenceMeter(String meterName, String description) {
        this.meterName = meterName;
        this.description = description;
    }

    public String meterName() {
        return meterName;
    }

    public String description() {
        return description;
    }
}
