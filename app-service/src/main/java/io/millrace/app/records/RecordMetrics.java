package io.millrace.app.records;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.AppMeter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Counts what becomes of records. */
final class RecordMetrics {

    /** What became of a record. */
    enum Outcome {
        /** Kafka has it. */
        PUBLISHED,
        /** Postgres has it. */
        STORED,
        /** Lost, because the log was full. */
        DROPPED,
        /** Lost, because the log could not be written, or not fast enough. */
        LOST,
        /** Not readable when it came from Kafka, and put among the dead letters. */
        REFUSED
    }

    private final Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);
    private final MeterRegistry meters;

    RecordMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (Outcome outcome : Outcome.values()) {
            counters.put(
                    outcome,
                    Counter.builder(AppMeter.RECORDS.meterName())
                            .description(AppMeter.RECORDS.description())
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
    }

    void count(Outcome outcome, long records) {
        Objects.requireNonNull(counters.get(outcome)).increment(records);
    }

    void watch(RecordLog log, ToDoubleFunction<RecordLog> waiting) {
        Gauge.builder(AppMeter.RECORDS_WAITING.meterName(), log, waiting)
                .description(AppMeter.RECORDS_WAITING.description())
                .baseUnit("bytes")
                .register(meters);
    }
}
