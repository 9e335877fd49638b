package io.millrace.system;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Events, each of a customer of its own, sent at a fixed rate, and what became of them. */
final class Events implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final String ITEM = "i0001";

    private final Gateway gateway;
    private final String prefix;
    private final AtomicInteger sent = new AtomicInteger();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final List<Integer> refused = new CopyOnWriteArrayList<>();
    private final List<String> otherwise = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Instant lastTaken = Instant.MIN;
    private volatile Instant lastRefused = Instant.MIN;

    Events(Gateway gateway, String prefix) {
        this.gateway = gateway;
        this.prefix = prefix;
    }

    void start() {
        clock.scheduleAtFixedRate(() -> senders.execute(this::send), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    void send() {
        String customer = prefix + "-" + sent.getAndIncrement();
        Instant asked = Instant.now();
        try {
            Gateway.Answer answer = gateway.post("/v1/events", """
                    {"events":[{"id":"%1$s","type":"view","time":"%2$s","entities":{"customer":"%1$s","item":"%3$s"}}]}""".formatted(customer, asked, ITEM));
            if (answer.status() == 202 && answer.body().path("accepted").asInt() == 1) {
                taken.add(customer);
                lastTaken = asked;
            } else if (answer.status() == 503
                    && answer.body().path("type").asString().equals("/problems/events-unavailable")
                    && !answer.header("Retry-After").isEmpty()) {
                refused.add(answer.status());
                lastRefused = asked;
            } else {
                otherwise.add(answer.toString());
            }
        } catch (UncheckedIOException e) {
            otherwise.add(e.toString());
        }
    }

    int refused() {
        return refused.size();
    }

    /** What was answered in a way that no document names. */
    List<String> otherwise() {
        return otherwise;
    }

    boolean lastWasTaken() {
        return lastTaken.isAfter(lastRefused);
    }

    /** The customers whose event was taken and of whom the features know nothing. */
    List<String> lost() {
        return taken.stream()
                .filter(customer -> !gateway.get("/v1/entities/customer/" + customer + "/features")
                        .body()
                        .toString()
                        .contains(ITEM))
                .toList();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        senders.close();
    }
}
