package io.millrace.inference.routing;

/** The meters of routing. Each has the tags {@code model} and {@code version}. */
public enum RoutingMeter {
    SHADOW(
            "millrace.inference.routing.shadow",
            "Copies of requests for versions on trial, by outcome: same, different, failed or dropped");

    private final String meterName;
    private final String description;

    RoutingMeter(String meterName, String description) {
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
