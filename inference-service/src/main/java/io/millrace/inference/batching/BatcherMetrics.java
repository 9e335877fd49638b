package io.millrace.inference.batching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;

/** The meters of one model version, which go when it goes. */
final class BatcherMetrics {

    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();
    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Timer queueWait;
    private final DistributionSummary batchSize;
    private final Timer compute;

    BatcherMetrics(MeterRegistry registry, String model, int version, IntSupplier queueRows) {
        this.registry = registry;
        Tags tags = Tags.of("model", model, "version", Integer.toString(version));
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(
                    outcome,
                    kept(Counter.builder(InferenceMeter.REQUESTS.meterName())
                            .description(InferenceMeter.REQUESTS.description())
                            .tags(tags.and("outcome", outcome.tag()))
                            .register(registry)));
        }
        queueWait = kept(Timer.builder(InferenceMeter.QUEUE_WAIT.meterName())
                .description(InferenceMeter.QUEUE_WAIT.description())
                .tags(tags)
                .register(registry));
        batchSize = kept(DistributionSummary.builder(InferenceMeter.BATCH_SIZE.meterName())
                .description(InferenceMeter.BATCH_SIZE.description())
                .tags(tags)
                .register(registry));
        compute = kept(Timer.builder(InferenceMeter.COMPUTE.meterName())
                .description(InferenceMeter.COMPUTE.description())
                .tags(tags)
                .register(registry));
        kept(Gauge.builder(InferenceMeter.QUEUE_ROWS.meterName(), queueRows, IntSupplier::getAsInt)
                .strongReference(true) // nobody else holds the supplier
                .description(InferenceMeter.QUEUE_ROWS.description())
                .tags(tags)
                .register(registry));
    }

    void ended(Outcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
    }

    void started(List<PendingRequest> batch, long nowNanos) {
        batchSize.record(batch.stream().mapToInt(PendingRequest::rows).sum());
        batch.forEach(request -> queueWait.record(Duration.ofNanos(nowNanos - request.enqueuedNanos())));
    }

    void computed(long nanos) {
        compute.record(Duration.ofNanos(nanos));
    }

    void remove() {
        meters.forEach(registry::remove);
    }

    private <M extends Meter> M kept(M meter) {
        meters.add(meter);
        return meter;
    }
}
