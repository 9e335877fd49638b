package io.millrace.vector.ingestion;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.vector.VectorMeter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts what became of the records, and times how soon points can be found. */
final class IngestionMetrics {

    private final Map<Outcome, Counter> points = new EnumMap<>(Outcome.class);
    private final Timer freshness;

    IngestionMetrics(MeterRegistry meters) {
        for (Outcome outcome : Outcome.values()) {
            points.put(
                    outcome,
                    Counter.builder(VectorMeter.POINTS.meterName())
                            .description(VectorMeter.POINTS.description())
                            .tag("outcome", outcome.tag())
                            .register(meters));
        }
        freshness = Timer.builder(VectorMeter.FRESHNESS.meterName())
                .description(VectorMeter.FRESHNESS.description())
                .register(meters);
    }

    void count(Outcome outcome) {
        Objects.requireNonNull(points.get(outcome)).increment();
    }

    void fresh(Duration sinceArrival) {
        freshness.record(sinceArrival);
    }
}
