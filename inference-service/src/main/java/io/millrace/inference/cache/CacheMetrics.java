package io.millrace.inference.cache;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millrace.inference.batching.InferenceMeter;
import io.millrace.inference.model.ModelStatistics.Total;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts what a cache finds; its meters go with the version. */
final class CacheMetrics {

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();
    private final LongAdder hits = new LongAdder();
    private final LongAdder hitNanos = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder missNanos = new LongAdder();
    private final LongAdder joins = new LongAdder();

    CacheMetrics(MeterRegistry registry, String model, int version) {
        this.registry = registry;
        this.tags = Tags.of("model", model, "version", Integer.toString(version));
        counter("hit", hits);
        counter("joined", joins);
        counter("miss", misses);
    }

    private void counter(String result, LongAdder value) {
        meters.add(FunctionCounter.builder(InferenceMeter.CACHE.meterName(), value, LongAdder::sum)
                .description(InferenceMeter.CACHE.description())
                .tags(tags.and("result", result))
                .register(registry));
    }

    /** Where to ask for the bytes that are kept. */
    void bytes(LongSupplier bytes) {
        meters.add(Gauge.builder(InferenceMeter.CACHE_SIZE.meterName(), bytes, LongSupplier::getAsLong)
                .strongReference(true) // nobody else holds the supplier
                .description(InferenceMeter.CACHE_SIZE.description())
                .baseUnit("bytes")
                .tags(tags)
                .register(registry));
    }

    /** The answer was there; looking it up took so long. */
    void hit(long nanos) {
        hits.increment();
        hitNanos.add(nanos);
    }

    /** The answer was not there, nor on its way. */
    void missed(long nanos) {
        misses.increment();
        missNanos.add(nanos);
    }

    /** The answer was on its way for another. */
    void joined() {
        joins.increment();
    }

    Total hits() {
        return new Total(hits.sum(), hitNanos.sum());
    }

    Total misses() {
        return new Total(misses.sum(), missNanos.sum());
    }

    void remove() {
        meters.forEach(registry::remove);
    }
}
