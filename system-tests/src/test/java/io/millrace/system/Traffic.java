package io.millrace.system;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Callers that ask for predictions at a fixed rate, whether or not the answers before have come, and what they got. */
final class Traffic implements AutoCloseable {

    static final int LIMIT = 10;

    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Gateway gateway;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentSkipListMap<Instant, Seen> seen = new ConcurrentSkipListMap<>();
    private final AtomicInteger sent = new AtomicInteger();

    Traffic(Gateway gateway) {
        this.gateway = gateway;
        clock.scheduleAtFixedRate(() -> callers.execute(this::ask), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A part of an answer that says what was done without. */
    record Degradation(String step, String cause, String used) {}

    /**
     * What one caller got.
     *
     * @param total what the answer says that it took
     * @param waited what the caller waited
     */
    record Seen(
            Instant asked,
            int status,
            String predictionId,
            List<Degradation> degraded,
            int results,
            Duration total,
            Duration waited) {

        /** With everything that was asked for, and nothing done without. */
        boolean isWhole() {
            return status == 200 && degraded.isEmpty() && results == LIMIT;
        }
    }

    /** Those asked for in this time whose answers have come, in the order of asking. */
    List<Seen> between(Instant from, Instant until) {
        return List.copyOf(seen.subMap(from, until).values());
    }

    /** Since when, at the earliest after this moment, a second's answers on end were whole; that moment's time from it. */
    Duration untilWhole(Instant from, Duration atMost) {
        int wanted = (int) (Duration.ofSeconds(1).toMillis() / INTERVAL.toMillis());
        Instant[] since = {Instant.MAX};
        Millrace.await("whole answers again", atMost, () -> {
            int inARow = 0;
            for (Seen one : seen.tailMap(from).values()) {
                since[0] = inARow == 0 ? one.asked() : since[0];
                inARow = one.isWhole() ? inARow + 1 : 0;
                if (inARow == wanted) {
                    return true;
                }
            }
            return false;
        });
        return Duration.between(from, since[0]);
    }

    private void ask() {
        int customer = sent.getAndIncrement() % 300;
        Instant asked = Instant.now();
        Gateway.Answer answer;
        try {
            answer = gateway.predict("{\"entities\":{\"customer\":\"c%04d\"},\"limit\":%d}".formatted(customer, LIMIT));
        } catch (UncheckedIOException e) {
            seen.put(asked, new Seen(asked, 0, "", List.of(), 0, Duration.ZERO, Duration.ZERO)); // no answer at all
            return;
        }
        Duration waited = Duration.between(asked, Instant.now());
        JsonNode body = answer.body();
        seen.put(
                asked,
                new Seen(
                        asked,
                        answer.status(),
                        body.path("prediction_id").asString(),
                        StreamSupport.stream(body.path("degraded").spliterator(), false)
                                .map(each -> new Degradation(
                                        each.path("step").asString(),
                                        each.path("cause").asString(),
                                        each.path("used").asString("")))
                                .toList(),
                        body.path("results").size(),
                        Duration.ofNanos(
                                1000 * body.path("timings_us").path("total").asLong()),
                        waited));
    }

    @Override
    public void close() {
        clock.shutdownNow();
        callers.close();
    }
}
