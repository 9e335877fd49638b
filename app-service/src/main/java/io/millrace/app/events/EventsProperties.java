package io.millrace.app.events;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param recentIds how many of the ids accepted last are remembered, at about 200 bytes each */
@ConfigurationProperties("millrace.app.events")
record EventsProperties(@DefaultValue("50000") int recentIds) {

    EventsProperties {
        if (recentIds < 1) {
            throw new IllegalArgumentException("millrace.app.events.recent-ids must be at least 1, not " + recentIds);
        }
    }
}
