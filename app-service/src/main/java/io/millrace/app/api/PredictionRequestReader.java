package io.millrace.app.api;

import static io.millrace.app.api.StrictJson.pointer;

import io.millrace.app.definition.RequestShape;
import io.millrace.app.definition.RequestShape.ValueType;
import io.millrace.app.pipeline.PredictionRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a request for a prediction in the shape that its application declares. */
final class PredictionRequestReader {

    private static final int LONGEST_ID = 256;

    private final RequestShape shape;
    private final StrictJson checks = new StrictJson();

    private PredictionRequestReader(RequestShape shape) {
        this.shape = shape;
    }

    /** The request in this body; everything that is wrong in it becomes one problem. */
    static PredictionRequest read(byte[] body, RequestShape shape) {
        JsonNode json = StrictJson.object(body);
        PredictionRequestReader reader = new PredictionRequestReader(shape);
        reader.checks.onlyKnown(json, "", reader.known());
        PredictionRequest request = new PredictionRequest(
                reader.entities(json.path("entities")),
                reader.context(json.path("context")),
                reader.limit(json.path("limit")),
                reader.exclude(json.path("exclude")));
        reader.checks.throwIfAny();
        return request;
    }

    private List<String> known() {
        List<String> known = new ArrayList<>(List.of("entities"));
        if (!shape.context().isEmpty()) {
            known.add("context");
        }
        if (shape.limit() != null) {
            known.add("limit");
        }
        if (shape.exclude() > 0) {
            known.add("exclude");
        }
        return known;
    }

    private Map<String, String> entities(JsonNode json) {
        Map<String, String> entities = new LinkedHashMap<>();
        if (isObject(json, "/entities")) {
            checks.onlyKnown(json, "/entities", List.copyOf(shape.entities().keySet()));
        }
        for (String entity : shape.entities().keySet()) {
            String pointer = "/entities" + pointer(entity);
            JsonNode id = json.path(entity);
            if (id.isMissingNode()) {
                checks.refuse(pointer, "required", "say which " + entity + " it is for");
            } else if (isId(id, pointer)) {
                entities.put(entity, id.stringValue());
            }
        }
        return entities;
    }

    private boolean isId(JsonNode id, String pointer) {
        if (!id.isString()) {
            checks.refuse(pointer, "wrong-type", "write a string");
            return false;
        }
        if (id.stringValue().isBlank() || id.stringValue().length() > LONGEST_ID) {
            checks.refuse(pointer, "out-of-range", "write an id of 1 to " + LONGEST_ID + " characters");
            return false;
        }
        return true;
    }

    private Map<String, Object> context(JsonNode json) {
        Map<String, Object> context = new LinkedHashMap<>();
        if (isObject(json, "/context") && !shape.context().isEmpty()) {
            checks.onlyKnown(json, "/context", List.copyOf(shape.context().keySet()));
        }
        shape.context().forEach((name, type) -> {
            JsonNode value = json.path(name);
            String pointer = "/context" + pointer(name);
            if (value.isMissingNode() || value.isNull() && type.optional()) {
                if (!type.optional()) {
                    checks.refuse(pointer, "required", "write " + article(type));
                }
                return;
            }
            Object read = value(value, type.kind());
            if (read == null) {
                checks.refuse(pointer, "wrong-type", "write " + article(type));
            } else {
                context.put(name, read);
            }
        });
        return context;
    }

    private static @Nullable Object value(JsonNode value, ValueType.Kind kind) {
        return switch (kind) {
            case STRING -> value.isString() ? value.stringValue() : null;
            case NUMBER -> value.isNumber() ? number(value) : null;
            case BOOLEAN -> value.isBoolean() ? value.booleanValue() : null;
        };
    }

    /** A whole number stays one: payload keys of type integer take no other. */
    private static Object number(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        return value.doubleValue();
    }

    private static String article(ValueType type) {
        return switch (type.kind()) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
        };
    }

    private int limit(JsonNode json) {
        RequestShape.Limit limit = shape.limit();
        if (limit == null) {
            return Integer.MAX_VALUE;
        }
        if (json.isMissingNode()) {
            return limit.byDefault();
        }
        if (!json.isIntegralNumber()) {
            checks.refuse("/limit", "wrong-type", "write an integer");
        } else if (!json.canConvertToInt() || json.intValue() < 1 || json.intValue() > limit.max()) {
            checks.refuse("/limit", "out-of-range", "write a number from 1 to " + limit.max());
        } else {
            return json.intValue();
        }
        return limit.byDefault();
    }

    private List<String> exclude(JsonNode json) {
        List<String> ids = new ArrayList<>();
        if (json.isMissingNode() || shape.exclude() == 0) {
            return ids;
        }
        if (!json.isArray()) {
            checks.refuse("/exclude", "wrong-type", "write an array of strings");
        } else if (json.size() > shape.exclude()) {
            checks.refuse(
                    "/exclude",
                    "out-of-range",
                    "exclude at most " + shape.exclude() + " ids; these are " + json.size());
        } else {
            for (int i = 0; i < json.size(); i++) {
                if (isId(json.get(i), "/exclude/" + i)) {
                    ids.add(json.get(i).stringValue());
                }
            }
        }
        return ids;
    }

    private boolean isObject(JsonNode json, String pointer) {
        if (json.isMissingNode() || json.isObject()) {
            return json.isObject();
        }
        checks.refuse(pointer, "wrong-type", "write an object");
        return false;
    }
}
