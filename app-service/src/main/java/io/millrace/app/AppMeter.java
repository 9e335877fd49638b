package io.millrace.app;

/** The meters of this service. */
public enum AppMeter {
    PREDICTION(
            "millrace.app.prediction", "Time of a prediction, by application and outcome: whole, degraded or failed"),
    STEP("millrace.app.step", "Time of a step, by application and step"),
    DEGRADED("millrace.app.degraded", "Steps that degraded an answer, by application, step and cause"),
    EVENTS("millrace.app.events", "Events sent to the API, by outcome: accepted, duplicate, rejected or unavailable"),
    RECORDS(
            "millrace.app.records",
            "Prediction records, by outcome: published, stored, or lost to a full log (dropped), a log that could not be"
                    + " written (lost) or a message that is none (refused)"),
    RECORDS_WAITING("millrace.app.records.waiting", "Bytes of prediction records on disk that Kafka has not got yet");

    private final String meterName;
    private final String description;

    AppMeter(String meterName, String description) {
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
