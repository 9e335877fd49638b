package io.millrace.app.events;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is taken of events.
 *
 * @param recentIds how many of the ids accepted last are remembered, at about 200 bytes each
 * @param maxAhead how far an event's time may be after now; the newest event is the clock of all windows
 */
@ConfigurationProperties("millrace.app.events")
public record EventsProperties(
        @DefaultValue("50000") int recentIds,
        @DefaultValue("300s") Duration maxAhead) {

    public EventsProperties {
        if (recentIds < 1) {
            throw new IllegalArgumentException("millrace.app.events.recent-ids must be at least 1, not " + recentIds);
        }
        if (maxAhead.isNegative()) {
            throw new IllegalArgumentException("millrace.app.events.max-ahead must not be negative, as is " + maxAhead);
        }
    }
}
