package io.millrace.inference.batching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.inference.cost.InstanceTime;
import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.Scheduling;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one model version, which go when it goes. */
final class BatcherMetrics {

    private static final double HOUR_NANOS = 3.6e12;

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
    private final DistributionSummary requestCost;
    private final double pricePerNano;

    BatcherMetrics(
            MeterRegistry registry,
            String model,
            int version,
            Scheduling scheduling,
            InstanceTime time,
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
        batchSize = summary(InferenceMeter.BATCH_SIZE);
        copyIn = timer(InferenceMeter.COPY, tags.and("direction", "in"));
        compute = timer(InferenceMeter.COMPUTE, tags);
        copyOut = timer(InferenceMeter.COPY, tags.and("direction", "out"));
        gauge(InferenceMeter.QUEUE_ROWS, queueRows);
        gauge(InferenceMeter.IN_FLIGHT_ROWS, rowsInFlight);
        gauge(InferenceMeter.INSTANCES, scheduling::instances);
        pricePerNano = scheduling.pricePerHour() / HOUR_NANOS;
        timeCounter(
                InferenceMeter.INSTANCE_BUSY,
                "seconds",
                tags,
                time,
                spent -> (spent.answered() + spent.wasted() + spent.running()) / 1e9);
        cost("answered", time, InstanceTime.Split::answered);
        cost("wasted", time, InstanceTime.Split::wasted);
        cost("idle", time, InstanceTime.Split::idle);
        requestCost = summary(InferenceMeter.REQUEST_COST);
    }

    private void cost(String part, InstanceTime time, ToDoubleFunction<InstanceTime.Split> nanos) {
        timeCounter(
                InferenceMeter.COST,
                null,
                tags.and("part", part),
                time,
                spent -> nanos.applyAsDouble(spent) * pricePerNano);
    }

    private void timeCounter(
            InferenceMeter meter,
            @Nullable String unit,
            Tags of,
            InstanceTime time,
            ToDoubleFunction<InstanceTime.Split> value) {
        kept(FunctionCounter.builder(
                        meter.meterName(), time, spent -> value.applyAsDouble(spent.until(System.nanoTime())))
                .description(meter.description())
                .baseUnit(unit)
                .tags(of)
                .register(registry));
    }

    void ended(Outcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
    }

    void closed(CloseReason reason) {
        Objects.requireNonNull(closed.get(reason)).increment();
    }

    /** @param nanos of the instance's time that the run took */
    void ran(List<PendingRequest> batch, BatchResult result, long startedNanos, long nanos) {
        int[] rows = new int[batch.size()];
        int all = 0;
        for (int i = 0; i < rows.length; i++) {
            PendingRequest request = batch.get(i);
            rows[i] = request.rows();
            all += rows[i];
            queueWait.record(startedNanos - request.enqueuedNanos(), TimeUnit.NANOSECONDS);
        }
        batchSize.record(all);
        copyIn.record(result.copyInNanos(), TimeUnit.NANOSECONDS);
        compute.record(result.computeNanos(), TimeUnit.NANOSECONDS);
        copyOut.record(result.copyOutNanos(), TimeUnit.NANOSECONDS);
        if (pricePerNano > 0) {
            for (long share : InstanceTime.shares(nanos, rows)) {
                requestCost.record(share * pricePerNano);
            }
        }
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

    private DistributionSummary summary(InferenceMeter meter) {
        return kept(DistributionSummary.builder(meter.meterName())
                .description(meter.description())
                .tags(tags)
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
