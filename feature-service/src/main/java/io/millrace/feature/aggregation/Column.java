package io.millrace.feature.aggregation;

import io.millrace.wire.Event;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part of an event.
 *
 * @param source which of the event's maps has it
 * @param name its name there
 */
public record Column(Source source, String name) {

    /** A map of an event. */
    public enum Source {
        ENTITIES,
        VALUE
    }

    /** Reads {@code entities.NAME} or {@code value.NAME}; nothing where it is neither. */
    public static Optional<Column> parse(String text) {
        if (text.startsWith("entities.") && text.length() > "entities.".length()) {
            return Optional.of(new Column(Source.ENTITIES, text.substring("entities.".length())));
        }
        if (text.startsWith("value.") && text.length() > "value.".length()) {
            return Optional.of(new Column(Source.VALUE, text.substring("value.".length())));
        }
        return Optional.empty();
    }

    @Nullable
    Object of(Event event) {
        return switch (source) {
            case ENTITIES -> event.entities().get(name);
            case VALUE -> event.value().get(name);
        };
    }
}
