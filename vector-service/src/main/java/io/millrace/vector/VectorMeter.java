package io.millrace.vector;

/** The meters of this service. */
public enum VectorMeter {
    SEARCH("millrace.vector.search", "Time of a search in the engine, by plan"),
    SEARCH_QUEUE("millrace.vector.search.queue", "Searches that wait for a thread"),
    POINTS("millrace.vector.ingestion.points", "Points read from the topic, by outcome"),
    FRESHNESS("millrace.vector.ingestion.freshness", "Time from a point's arrival in Kafka until a search finds it"),
    EMBEDDED("millrace.vector.embedding.rows", "Feature rows that may tell of a new entity, by outcome"),
    VECTORIZED("millrace.vector.engine.vectorized", "1 when distances use SIMD instructions, else 0");

    private final String meterName;
    private final String description;

    VectorMeter(String meterName, String description) {
        this.meterName = meterName;
        this.description = description;
    }

    /** The name, without tags and units. */
    public String meterName() {
        return meterName;
    }

    /** What it tells, for the metrics page and the {@code HELP} line. */
    public String description() {
        return description;
    }
}
