package io.millrace.inference.batching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.inference.model.BatchResult;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** The meters of one model version, which go when it goes. */
final class BatcherMetrics {

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();
    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Map<CloseReason, Counter> closed = new EnumMap<>(CloseReason.class);
    private final Timer queueWait;
    private final DistributionSummary batchSize;
    private final Timer copyIn;
    private final Timer compute;
    private final Timer copyOut;
    private final LongAdder busyNanos = new LongAdder();

    BatcherMetrics(
            MeterRegistry registry,
            String model,
            int version,
            int instances,
            IntSupplier queueRows,
            IntSupplier rowsInFlight) {
        this.registry = registry;
        this.tags = Tags.of("model", model, "version", Integer.toString(version));
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, counter(InferenceMeter.REQUESTS, tags.and("outcome", outcome.tag())));
        }
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, counter(InferenceMeter.BATCH_CLOSED, tags.and("reason", reason.tag())));
        }
        queueWait = timer(InferenceMeter.QUEUE_WAIT, tags);
        batchSize = kept(DistributionSummary.builder(InferenceMeter.BATCH_SIZE.meterName())
                .description(InferenceMeter.BATCH_SIZE.description())
                .tags(tags)
                .register(registry));
        copyIn = timer(InferenceMeter.COPY, tags.and("direction", "in"));
        compute = timer(InferenceMeter.COMPUTE, tags);
        copyOut = timer(InferenceMeter.COPY, tags.and("direction", "out"));
        gauge(InferenceMeter.QUEUE_ROWS, queueRows);
        gauge(InferenceMeter.IN_FLIGHT_ROWS, rowsInFlight);
        gauge(InferenceMeter.INSTANCES, () -> instances);
        kept(FunctionCounter.builder(
                        InferenceMeter.INSTANCE_BUSY.meterName(), busyNanos, nanos -> nanos.doubleValue() / 1e9)
                .description(InferenceMeter.INSTANCE_BUSY.description())
                .baseUnit("seconds")
                .tags(tags)
                .register(registry));
    }

    void ended(Outcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
    }

    void closed(CloseReason reason) {
        Objects.requireNonNull(closed.get(reason)).increment();
    }

    void ran(List<PendingRequest> batch, BatchResult result, long startedNanos) {
        int rows = 0;
        for (PendingRequest request : batch) {
            rows += request.rows();
            queueWait.record(startedNanos - request.enqueuedNanos(), TimeUnit.NANOSECONDS);
        }
        batchSize.record(rows);
        copyIn.record(result.copyInNanos(), TimeUnit.NANOSECONDS);
        compute.record(result.computeNanos(), TimeUnit.NANOSECONDS);
        copyOut.record(result.copyOutNanos(), TimeUnit.NANOSECONDS);
    }

    void busy(long nanos) {
        busyNanos.add(nanos);
    }

    void remove() {
        meters.forEach(registry::remove);
    }

    private Counter counter(InferenceMeter meter, Tags of) {
        return kept(Counter.builder(meter.meterName())
                .description(meter.description())
                .tags(of)
                .register(registry));
    }

    private Timer timer(InferenceMeter meter, Tags of) {
        return kept(Timer.builder(meter.meterName())
                .description(meter.description())
                .tags(of)
                .register(registry));
    }

    private void gauge(InferenceMeter meter, IntSupplier value) {
        kept(Gauge.builder(meter.meterName(), value, IntSupplier::getAsInt)
                .strongReference(true) // nobody else holds the supplier
                .description(meter.description())
                .tags(tags)
                .register(registry));
    }

    private <M extends Meter> M kept(M meter) {
        meters.add(meter);
        return meter;
    }
}
