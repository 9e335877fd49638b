package io.millrace.inference.batching;

/** The meters of this service. Each has the tags {@code model} and {@code version}. */
public enum InferenceMeter {
    REQUESTS("millrace.inference.requests", "Requests, by outcome"),
    IN_FLIGHT_ROWS("millrace.inference.rows.inflight", "Rows that wait or run now: what to scale replicas by"),
    QUEUE_WAIT("millrace.inference.queue.wait", "How long a request waited for a batch slot"),
    QUEUE_ROWS("millrace.inference.queue.rows", "Rows that wait for a batch slot now"),
    BATCH_SIZE("millrace.inference.batch.size", "Rows that ran together"),
    BATCH_CLOSED(
            "millrace.inference.batch.closed",
            "Batches, by why they ran with the rows they had: full, idle, delay, deadline or shape"),
    COPY(
            "millrace.inference.copy",
            "How long it took to copy a batch to the engine and its answers back, by direction"),
    COMPUTE("millrace.inference.compute", "How long the engine needed for a batch"),
    INSTANCES("millrace.inference.instances", "Batches that can run at once"),
    INSTANCE_BUSY(
            "millrace.inference.instance.busy",
            "Time in which instances ran batches; its rate, divided by the instances, is their busy share"),
    CACHE(
            "millrace.inference.cache",
            "Requests to models with a cache, by result: hit, joined to one that ran, or miss"),
    CACHE_SIZE("millrace.inference.cache.size", "Bytes of the answers that are kept"),
    COST(
            "millrace.inference.cost",
            "What the instances cost by the model's price, by what it went into: answered, wasted or idle"),
    REQUEST_COST("millrace.inference.cost.request", "The part of its batch's cost that an answered request bears");

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
