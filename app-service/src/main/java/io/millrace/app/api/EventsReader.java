package io.millrace.app.api;

import static io.millrace.app.api.StrictJson.pointer;

import io.millrace.wire.Event;
import io.millrace.wire.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the events of a request. A wrong event is refused alone; a wrong request as a whole. */
final class EventsReader {

    private static final int MOST_EVENTS = 500;
    private static final int LONGEST_ID = 128;
    private static final int MOST_FIELDS = 64;
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_.-]{0,63}");

    private final Instant now;
    private final Duration maxAhead;

    /** @param maxAhead how far after now an event may be */
    EventsReader(Instant now, Duration maxAhead) {
        this.now = now;
        this.maxAhead = maxAhead;
    }

    /** The events that can be published, and what is wrong with the others. */
    record Events(List<Event> events, List<Rejected> rejected) {}

    /** An event that is not published, by its place in the request. */
    record Rejected(int index, Problem problem) {}

    Events read(byte[] body) {
        JsonNode json = StrictJson.object(body);
        StrictJson checks = new StrictJson();
        checks.onlyKnown(json, "", "events");
        JsonNode list = json.path("events");
        if (list.isMissingNode()) {
            checks.refuse("/events", "required", "write an array of events");
        } else if (!list.isArray()) {
            checks.refuse("/events", "wrong-type", "write an array of events");
        } else if (list.isEmpty() || list.size() > MOST_EVENTS) {
            checks.refuse("/events", "out-of-range", "send 1 to " + MOST_EVENTS + " events; these are " + list.size());
        }
        checks.throwIfAny();
        List<Event> events = new ArrayList<>();
        List<Rejected> rejected = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            StrictJson eventChecks = new StrictJson();
            Event event = new EventReader(eventChecks, "/events/" + i).read(list.get(i));
            if (event == null) {
                rejected.add(new Rejected(i, eventChecks.problem()));
            } else {
                events.add(event);
            }
        }
        return new Events(events, rejected);
    }

    private final class EventReader {

        private final StrictJson checks;
        private final String at;

        EventReader(StrictJson checks, String at) {
            this.checks = checks;
            this.at = at;
        }

        @Nullable
        Event read(JsonNode json) {
            if (!json.isObject()) {
                checks.refuse(at, "wrong-type", "write an object");
                return null;
            }
            checks.onlyKnown(json, at, "id", "type", "time", "entities", "prediction_id", "value", "source_time");
            String id = text(json, "id", true);
            String type = text(json, "type", true);
            if (type != null && !TYPE.matcher(type).matches()) {
                checks.refuse(
                        at + "/type", "invalid", "write a name such as view, of lower-case letters, digits, - _ and .");
            }
            Instant time = time(json, "time", true);
            if (time != null && time.isAfter(now.plus(maxAhead))) {
                checks.refuse(
                        at + "/time", "out-of-range", "the time is more than " + maxAhead.toSeconds() + " s ahead");
            }
            Map<String, String> entities = entities(json.path("entities"));
            String predictionId = text(json, "prediction_id", false);
            Map<String, Object> value = value(json.path("value"));
            Instant sourceTime = time(json, "source_time", false);
            return checks.isClean() && id != null && type != null && time != null
                    ? new Event(id, type, time, entities, predictionId, value, sourceTime)
                    : null;
        }

        private @Nullable String text(JsonNode json, String field, boolean required) {
            JsonNode value = json.path(field);
            if (value.isMissingNode() || value.isNull() && !required) {
                if (required) {
                    checks.refuse(at + "/" + field, "required", "write a string");
                }
                return null;
            }
            return text(value, at + "/" + field);
        }

        private @Nullable String text(JsonNode value, String pointer) {
            if (!value.isString()) {
                checks.refuse(pointer, "wrong-type", "write a string");
                return null;
            }
            if (value.stringValue().isBlank() || value.stringValue().length() > LONGEST_ID) {
                checks.refuse(pointer, "out-of-range", "write 1 to " + LONGEST_ID + " characters");
                return null;
            }
            return value.stringValue();
        }

        private @Nullable Instant time(JsonNode json, String field, boolean required) {
            String text = text(json, field, required);
            if (text == null) {
                return null;
            }
            try {
                Instant time = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
                if (time.isBefore(Instant.EPOCH)) {
                    checks.refuse(at + "/" + field, "out-of-range", "the time is before 1970");
                }
                return time;
            } catch (DateTimeException e) {
                checks.refuse(at + "/" + field, "invalid", "write a time such as 2026-11-23T10:00:00Z");
                return null;
            }
        }

        private Map<String, String> entities(JsonNode json) {
            Map<String, String> entities = new LinkedHashMap<>();
            if (json.isMissingNode()) {
                checks.refuse(at + "/entities", "required", "say whose event it is: {\"customer\":\"17850\"}");
            } else if (!json.isObject()) {
                checks.refuse(at + "/entities", "wrong-type", "write an object");
            } else if (json.isEmpty() || json.size() > MOST_FIELDS) {
                checks.refuse(at + "/entities", "out-of-range", "name 1 to " + MOST_FIELDS + " entities");
            } else {
                json.forEachEntry((name, id) -> {
                    String text = text(id, at + "/entities" + pointer(name));
                    if (text != null) {
                        entities.put(name, text);
                    }
                });
            }
            return entities;
        }

        private Map<String, Object> value(JsonNode json) {
            Map<String, Object> values = new LinkedHashMap<>();
            if (json.isMissingNode() || json.isNull()) {
                return values;
            }
            if (!json.isObject()) {
                checks.refuse(at + "/value", "wrong-type", "write an object");
            } else if (json.size() > MOST_FIELDS) {
                checks.refuse(at + "/value", "out-of-range", "send at most " + MOST_FIELDS + " values");
            } else {
                json.forEachEntry((name, value) -> {
                    Object flat = flat(value);
                    if (flat == null) {
                        checks.refuse(
                                at + "/value" + pointer(name), "wrong-type", "write a string, a number, true or false");
                    } else {
                        values.put(name, flat);
                    }
                });
            }
            return values;
        }

        private static @Nullable Object flat(JsonNode value) {
            if (value.isIntegralNumber()) {
                return value.canConvertToLong() ? value.longValue() : null;
            }
            if (value.isNumber()) {
                return Double.isFinite(value.doubleValue()) ? value.doubleValue() : null;
            }
            return value.isString() ? value.stringValue() : value.isBoolean() ? value.booleanValue() : null;
        }
    }
}
