package io.millrace.app.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.AppMeter;
import io.millrace.wire.CloudEventHeaders;
import io.millrace.wire.Event;
import io.millrace.wire.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;

/** Puts events on their topic, and returns when all replicas have them. */
public final class EventPublisher {

    private static final String SOURCE = "app-service";
    private static final String TYPE_PREFIX = "io.millrace.event.";

    private final KafkaTemplate<String, byte[]> kafka;
    private final RecentIds recent;
    private final MeterRegistry meters;

    EventPublisher(KafkaTemplate<String, byte[]> kafka, RecentIds recent, MeterRegistry meters) {
        this.kafka = kafka;
        this.recent = recent;
        this.meters = meters;
    }

    /**
     * What became of some events.
     *
     * @param accepted are kept
     * @param duplicates were there before, in the same request or shortly before
     */
    public record Published(int accepted, int duplicates) {}

    /**
     * Publishes events of a tenant, each id once.
     *
     * @throws EventsUnavailableException if not every one is known to be kept
     */
    public Published publish(String tenant, List<Event> events) throws EventsUnavailableException {
        Map<String, Event> fresh = new LinkedHashMap<>();
        for (Event event : events) {
            if (!recent.contains(key(tenant, event))) {
                fresh.putIfAbsent(event.id(), event);
            }
        }
        try {
            List<CompletableFuture<?>> sent = new ArrayList<>();
            fresh.values().forEach(event -> sent.add(kafka.send(toRecord(tenant, event))));
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            count("unavailable", fresh.size());
            throw new EventsUnavailableException(e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            count("unavailable", fresh.size());
            throw new EventsUnavailableException(e);
        }
        fresh.values().forEach(event -> recent.add(key(tenant, event)));
        count("accepted", fresh.size());
        count("duplicate", events.size() - fresh.size());
        return new Published(fresh.size(), events.size() - fresh.size());
    }

    /** Counts events that were refused before they came here. */
    public void refused(int events) {
        count("rejected", events);
    }

    private static String key(String tenant, Event event) {
        return tenant + "/" + event.id();
    }

    private static ProducerRecord<String, byte[]> toRecord(String tenant, Event event) {
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(Topics.EVENTS, event.key(tenant), Event.CODEC.encode(event));
        CloudEventHeaders.of(event.id(), TYPE_PREFIX + event.type(), SOURCE, event.time(), tenant)
                .forEach(message.headers()::add);
        return message;
    }

    private void count(String outcome, int events) {
        Counter.builder(AppMeter.EVENTS.meterName())
                .description(AppMeter.EVENTS.description())
                .tag("outcome", outcome)
                .register(meters)
                .increment(events);
    }
}
