package io.millrace.vector.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.vector.VectorMeter;
import io.millrace.vector.collection.CollectionDefinition;
import io.millrace.vector.collection.Generation;
import io.millrace.vector.collection.Generations;
import io.millrace.vector.engine.Deadline;
import io.millrace.vector.engine.Hits;
import io.millrace.vector.engine.SearchThreads;
import io.millrace.vector.engine.VectorQuery;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Runs a query in the generation of its embedding space, on a thread for searching. */
@Component
final class Searches {

    private final Generations generations;
    private final SearchThreads threads;
    private final Map<Hits.Plan, Timer> timers = new EnumMap<>(Hits.Plan.class);

    Searches(Generations generations, SearchThreads threads, MeterRegistry meters) {
        this.generations = generations;
        this.threads = threads;
        for (Hits.Plan plan : Hits.Plan.values()) {
            timers.put(
                    plan,
                    Timer.builder(VectorMeter.SEARCH.meterName())
                            .description(VectorMeter.SEARCH.description())
                            .tag("plan", plan.wireName())
                            .register(meters));
        }
    }

    /**
     * What a search found.
     *
     * @param micros the time in the engine, without waiting for a thread
     */
    record Found(String embeddingSpace, Hits hits, long micros) {}

    /** An empty embedding space means the newest. */
    Found search(CollectionDefinition collection, String embeddingSpace, VectorQuery query, Deadline deadline) {
        Generation generation = generations.get(collection, embeddingSpace);
        return threads.call(deadline, () -> {
            long start = System.nanoTime();
            Hits hits = generation.index().search(query, deadline);
            long nanos = System.nanoTime() - start;
            Objects.requireNonNull(timers.get(hits.plan())).record(nanos, TimeUnit.NANOSECONDS);
            return new Found(generation.embeddingSpace(), hits, TimeUnit.NANOSECONDS.toMicros(nanos));
        });
    }
}
