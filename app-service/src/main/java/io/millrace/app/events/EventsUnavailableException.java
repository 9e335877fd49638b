package io.millrace.app.events;

/** Kafka did not say of every event that it is kept; some may be. Sending all again is safe. */
public final class EventsUnavailableException extends Exception {

    EventsUnavailableException(Throwable cause) {
        super("Kafka did not acknowledge the events: " + cause.getMessage(), cause);
    }
}
