package io.millrace.app.api;

import io.millrace.app.application.Tenant;
import io.millrace.app.events.EventPublisher;
import io.millrace.app.events.EventsProperties;
import io.millrace.app.events.EventsUnavailableException;
import io.millrace.starter.problem.ProblemException;
import io.millrace.wire.ProblemType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /v1/events}. */
@RestController
final class EventController {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final EventPublisher publisher;
    private final EventsProperties properties;
    private final InstantSource clock;

    EventController(EventPublisher publisher, EventsProperties properties, InstantSource clock) {
        this.publisher = publisher;
        this.properties = properties;
        this.clock = clock;
    }

    /** What became of the events of a request. */
    record Taken(int accepted, int duplicates, List<EventsReader.Rejected> rejected) {}

    @PostMapping(path = "/v1/events", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Taken take(@RequestBody byte[] body) {
        EventsReader.Events events = new EventsReader(clock.instant(), properties.maxAhead()).read(body);
        publisher.refused(events.rejected().size());
        try {
            EventPublisher.Published published = publisher.publish(Tenant.DEFAULT, events.events());
            return new Taken(published.accepted(), published.duplicates(), events.rejected());
        } catch (EventsUnavailableException e) {
            throw ProblemException.retryAfter(
                    RETRY_AFTER,
                    ProblemType.EVENTS_UNAVAILABLE,
                    "Kafka did not acknowledge the events; send the same ones again, their ids make it safe",
                    e);
        }
    }
}
