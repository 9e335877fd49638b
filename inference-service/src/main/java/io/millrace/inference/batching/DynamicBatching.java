package io.millrace.inference.batching;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.Predictor;
import io.millrace.inference.model.Serving;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Puts each model version behind a batcher of its own. What they share is here: the meters, the timer, the memory. */
public final class DynamicBatching implements Serving, AutoCloseable {

    private final MeterRegistry meters;
    private final BytesInFlight bytes;
    private final ScheduledThreadPoolExecutor timer;
    private final Executor delivery;

    /** @param maxBytesInFlight how many bytes of requests may wait or run, all models together */
    public DynamicBatching(MeterRegistry meters, long maxBytesInFlight) {
        this.meters = meters;
        this.bytes = new BytesInFlight(maxBytesInFlight);
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("infer-timer").daemon().factory());
        this.timer.setRemoveOnCancelPolicy(true);
        this.delivery = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("infer-answer-", 0).factory());
    }

    /** Measures the model first: how large its batches should be, and how long they take. */
    @Override
    public Predictor serve(String model, int version, ModelDefinition definition, LoadedModel loaded) {
        RunTimes runTimes = RunTimes.measure(definition, loaded, System::nanoTime);
        return serve(model, version, definition, loaded, runTimes);
    }

    DynamicBatcher serve(String model, int version, ModelDefinition definition, LoadedModel loaded, RunTimes runTimes) {
        return new DynamicBatcher(model, version, definition, loaded, runTimes, meters, timer, delivery, bytes);
    }

    /** For after the last batcher was closed. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
