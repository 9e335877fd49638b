package io.millrace.feature.streaming;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.feature.FeatureMeter;

/** What the stream and the sink count. */
final class StreamMetrics {

    final Counter accepted;
    final Counter repeated;
    final Counter ignored;
    final Counter unreadable;
    final Counter tooLarge;
    final Counter fromTheFuture;
    final Counter rowsApplied;
    final Counter rowsOlder;
    final Counter rowsUnreadable;
    final Counter rowsTooLarge;
    final Counter replays;

    StreamMetrics(MeterRegistry meters) {
        accepted = counter(meters, FeatureMeter.EVENTS, "accepted");
        repeated = counter(meters, FeatureMeter.EVENTS, "repeated");
        ignored = counter(meters, FeatureMeter.EVENTS, "ignored");
        unreadable = counter(meters, FeatureMeter.EVENTS, "unreadable");
        tooLarge = counter(meters, FeatureMeter.EVENTS, "too-large");
        fromTheFuture = counter(meters, FeatureMeter.EVENTS, "from-the-future");
        rowsApplied = counter(meters, FeatureMeter.ROWS, "applied");
        rowsOlder = counter(meters, FeatureMeter.ROWS, "older");
        rowsUnreadable = counter(meters, FeatureMeter.ROWS, "unreadable");
        rowsTooLarge = counter(meters, FeatureMeter.ROWS, "too-large");
        replays = Counter.builder(FeatureMeter.REPLAYS.meterName())
                .description(FeatureMeter.REPLAYS.description())
                .register(meters);
    }

    private static Counter counter(MeterRegistry meters, FeatureMeter meter, String outcome) {
        return Counter.builder(meter.meterName())
                .description(meter.description())
                .tag("outcome", outcome)
                .register(meters);
    }
}
