package io.millrace.app.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.app.AppMeter;
import io.millrace.app.pipeline.Prediction.Degradation;
import java.time.Duration;

/** Counts and times predictions. The tags come from applied definitions and enums, so they are few. */
public final class PredictionMetrics {

    private static final String APPLICATION = "application";

    private final MeterRegistry meters;

    PredictionMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Records an answer. */
    public void answered(String application, Prediction prediction) {
        time(
                application,
                prediction.degraded().isEmpty() ? "whole" : "degraded",
                Duration.ofNanos(prediction.totalNanos()));
        prediction
                .stepNanos()
                .forEach((step, nanos) -> Timer.builder(AppMeter.STEP.meterName())
                        .description(AppMeter.STEP.description())
                        .tag(APPLICATION, application)
                        .tag("step", step)
                        .register(meters)
                        .record(Duration.ofNanos(nanos)));
        for (Degradation degradation : prediction.degraded()) {
            Counter.builder(AppMeter.DEGRADED.meterName())
                    .description(AppMeter.DEGRADED.description())
                    .tag(APPLICATION, application)
                    .tag("step", degradation.step())
                    .tag("cause", degradation.cause().wireName())
                    .register(meters)
                    .increment();
        }
    }

    /** Records that there was no answer, after this time. */
    public void failed(String application, Duration after) {
        time(application, "failed", after);
    }

    private void time(String application, String outcome, Duration time) {
        Timer.builder(AppMeter.PREDICTION.meterName())
                .description(AppMeter.PREDICTION.description())
                .publishPercentileHistogram()
                .tag(APPLICATION, application)
                .tag("outcome", outcome)
                .register(meters)
                .record(time);
    }
}
